package io.atelier.generator.engine.automatic1111;

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
 * The servers with the API of AUTOMATIC1111's web UI.
 *
 * @param servers by the name of the engine that each becomes
 */
@Validated
@ConfigurationProperties(Automatic1111Properties.PREFIX)
public record Automatic1111Properties(@DefaultValue Map<String, @Valid Server> servers) {

    static final String PREFIX = "io.atelier.engines.automatic1111";

    public Automatic1111Properties {
        servers = Map.copyOf(servers);
    }

    /**
     * One server. It generates one image at a time, and its progress and interrupt endpoints apply to the current request, whichever that
     * is. The engine therefore sends one request at a time, whatever {@code remote.connections.max} is. For two GPUs configure two servers.
     *
     * @param url the server's address without {@code /sdapi}; empty for none
     * @param user if the server was started with {@code --api-auth}
     * @param password of that user
     * @param sampler the server's name of the sampler to use, such as {@code DPM++ 2M}; empty for the server's default
     * @param scheduler the server's name of the scheduler, such as {@code Karras}; empty for the server's default
     * @param pollInterval the time between two requests for progress
     * @param stopTimeout how long the engine waits for the server to stop a canceled request
     * @param remote the limits of calls to the server. The server sends nothing while it generates, so only {@code timeouts.call-timeout} and
     *     {@code timeouts.total-timeout} limit the time of a generation, and a timeout is never retried
     */
    @ConfigurationPropertiesSource
    public record Server(
            @DefaultValue("") String url,
            @DefaultValue("") String user,
            @DefaultValue("") String password,
            @DefaultValue("") String sampler,
            @DefaultValue("") String scheduler,
            @DefaultValue("500ms") @DurationMin(millis = 10) Duration pollInterval,
            @DefaultValue("10s") @DurationMin(millis = 10) Duration stopTimeout,

            @DefaultValue @Valid @NestedConfigurationProperty
            ProviderSettings remote) {

        /** Without address, user and password, which are or may hold secrets. */
        @Override
        public String toString() {
            return "Server[url=%s, user and password=%s]".formatted(url.isEmpty() ? "none" : "given", !user.isEmpty());
        }
    }
}
