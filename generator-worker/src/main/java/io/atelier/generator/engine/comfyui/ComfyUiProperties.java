package io.atelier.generator.engine.comfyui;

import io.atelier.generator.provider.ProviderSettings;
import jakarta.validation.Valid;
import java.time.Duration;
import java.util.Map;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The ComfyUI servers.
 *
 * @param servers by the name of the engine that each becomes
 */
@Validated
@ConfigurationProperties(ComfyUiProperties.PREFIX)
public record ComfyUiProperties(@DefaultValue Map<String, @Valid Server> servers) {

    static final String PREFIX = "io.atelier.engines.comfyui";

    public ComfyUiProperties {
        servers = Map.copyOf(servers);
    }

    /**
     * One server with one workflow. For two workflows configure the same server under two names.
     *
     * @param url the server's address, such as {@code http://host:8188}; empty for none
     * @param workflow a file in ComfyUI's API format with placeholders, or {@code classpath:} and a resource; see {@link Workflow}. The default
     *     generates with any checkpoint of Stable Diffusion
     * @param pollInterval the time between two requests for the state of a run while the web socket is broken; ten times as long while it
     *     works
     * @param stopTimeout how long the engine waits for the server to stop a canceled run
     * @param remote the limits of calls to the server; {@code timeouts.total-timeout} limits a run including its time in the server's queue
     */
    @ConfigurationPropertiesSource
    public record Server(
            @DefaultValue("") String url,
            @DefaultValue(Workflow.STANDARD) String workflow,
            @DefaultValue("1s") @DurationMin(millis = 10) Duration pollInterval,
            @DefaultValue("10s") @DurationMin(millis = 10) Duration stopTimeout,

            @DefaultValue @Valid @NestedConfigurationProperty
            ProviderSettings remote) {

        /** Without the address, which may contain a password. */
        @Override
        public String toString() {
            return "Server[url=%s, workflow=%s]".formatted(url.isEmpty() ? "none" : "given", workflow);
        }
    }
}
