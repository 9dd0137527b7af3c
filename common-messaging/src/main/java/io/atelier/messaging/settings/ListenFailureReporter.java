package io.atelier.messaging.settings;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.web.server.WebServerException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Reports a web server that cannot listen at its port in one line that names the variables, in place of Spring Boot's report, which names none
 * and takes a wrong address for a port in use. Registered in {@code spring.factories}.
 */
@Order(1)
final class ListenFailureReporter implements SpringBootExceptionReporter {

    private static final Logger LOG = LoggerFactory.getLogger(ListenFailureReporter.class);
    private static final ConfigurationPropertyName PORT = ConfigurationPropertyName.of("server.port");
    private static final ConfigurationPropertyName ADDRESS = ConfigurationPropertyName.of("server.address");

    private final @Nullable ConfigurableApplicationContext context;

    /** @param context null if the start failed before there was one */
    ListenFailureReporter(@Nullable ConfigurableApplicationContext context) {
        this.context = context;
    }

    @Override
    public boolean reportException(Throwable failure) {
        var message = context == null ? Optional.<String>empty() : message(failure, context.getEnvironment());
        message.ifPresent(text -> LOG.error("{}", text));
        return message.isPresent();
    }

    private static Optional<String> message(Throwable failure, ConfigurableEnvironment environment) {
        var port = environment.getProperty(PORT.toString());
        var setting = PORT;
        Throwable cause = failure;
        while (cause != null && !(cause instanceof WebServerException)) {
            if (cause instanceof ListenerFailed listener) {
                port = Integer.toString(listener.port());
                setting = listener.setting();
            }
            cause = cause.getCause();
        }
        var names = new SettingNames(environment);
        for (; cause != null; cause = cause.getCause()) {
            var text = String.valueOf(cause.getMessage());
            if (text.contains("Address already in use")) {
                return Optional.of("Port %s is in use by another process. Stop that process, or set %s to another port."
                        .formatted(port, names.of(setting)));
            }
            if (text.contains("Permission denied")) {
                return Optional.of("This user may not listen at port %s. Set %s to a port from 1024 to 65535."
                        .formatted(port, names.of(setting)));
            }
            if (text.contains("Cannot assign requested address")) {
                return Optional.of("%s; it must be an address of this machine, or 0.0.0.0 for all of them."
                        .formatted(names.withValue(ADDRESS)));
            }
        }
        return Optional.empty();
    }
}
