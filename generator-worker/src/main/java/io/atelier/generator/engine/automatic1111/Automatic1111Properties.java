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
 * The servers that speak the API of AUTOMATIC1111's web UI.
 *
 * @param servers each is an engine of that name
 */
@Validated
@ConfigurationProperties(Automatic1111Properties.PREFIX)
public record Automatic1111Properties(@DefaultValue Map<String, @Valid Server> servers) {

    static final String PREFIX = "io.atelier.engines.automatic1111";

    public Automatic1111Properties {
        servers = Map.copyOf(servers);
    }

    /**
     * One server. It draws one picture after the other, and its progress and its way to stop speak of whatever it draws just then: so the
     * engine sends it one request at a time, whatever {@code remote.connections.max} says. For two GPUs name two servers.
     *
     * @param url where it is, without {@code /sdapi}; empty for none
     * @param user if it was started with {@code --api-auth}
     * @param password of that user
     * @param sampler how the server calls the sampler to use, such as {@code DPM++ 2M}; empty for its own choice
     * @param scheduler how it calls the scheduler, such as {@code Karras}; empty for its own choice
     * @param pollInterval how often it is asked for its progress
     * @param stopTimeout how long it may take to stop, before the engine no longer waits for it
     * @param remote how patiently it is dealt with. It is silent while it draws, so only {@code timeouts.call-timeout} and
     *     {@code timeouts.total-timeout} bound how long that takes, and what took longer is never asked again
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

        /** Without what nobody may read. */
        @Override
        public String toString() {
            return "Server[url=%s, user and password=%s]".formatted(url.isEmpty() ? "none" : "given", !user.isEmpty());
        }
    }
}
