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
 * @param servers each is an engine of that name
 */
@Validated
@ConfigurationProperties(ComfyUiProperties.PREFIX)
public record ComfyUiProperties(@DefaultValue Map<String, @Valid Server> servers) {

    static final String PREFIX = "io.atelier.engines.comfyui";

    public ComfyUiProperties {
        servers = Map.copyOf(servers);
    }

    /**
     * One server and what it runs. The same server under two names has two workflows.
     *
     * @param url where it is, such as {@code http://host:8188}; empty for none
     * @param workflow a file in ComfyUI's API format with placeholders, or {@code classpath:} and a resource; see {@link Workflow}. By default
     *     one that draws with any checkpoint of Stable Diffusion
     * @param pollInterval how often it is asked whether it is done, if it does not tell; a tenth as often while it does
     * @param stopTimeout how long it may take to stop, before the engine no longer waits for it
     * @param remote how patiently it is dealt with; {@code deadline} bounds a picture with the time that it waits in the server's queue
     */
    @ConfigurationPropertiesSource
    public record Server(
            @DefaultValue("") String url,
            @DefaultValue(Workflow.STANDARD) String workflow,
            @DefaultValue("1s") @DurationMin(millis = 10) Duration pollInterval,
            @DefaultValue("10s") @DurationMin(millis = 10) Duration stopTimeout,

            @DefaultValue @Valid @NestedConfigurationProperty
            ProviderSettings remote) {

        /** Without the address, which may hold what nobody may read. */
        @Override
        public String toString() {
            return "Server[url=%s, workflow=%s]".formatted(url.isEmpty() ? "none" : "given", workflow);
        }
    }
}
