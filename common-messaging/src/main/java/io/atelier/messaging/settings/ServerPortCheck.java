package io.atelier.messaging.settings;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/** Checks the port of the web server when all settings are read: Spring Boot reads it long before it binds settings. Registered in {@code spring.factories}. */
final class ServerPortCheck implements EnvironmentPostProcessor, Ordered {

    private static final ConfigurationPropertyName PORT = ConfigurationPropertyName.of("server.port");
    private static final int MAX_PORT = 65_535;

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        var port = environment.getProperty(PORT.toString(), "0");
        if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > MAX_PORT) {
            throw new SettingRefused("%s; it must be a whole number from 0 to %d."
                    .formatted(new SettingNames(environment).withValue(PORT), MAX_PORT));
        }
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
