package io.atelier.messaging.settings;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.core.annotation.Order;

/** Reports a refused setting in one line, in place of Spring Boot's report with its stack trace. Registered in {@code spring.factories}. */
@Order(0)
final class SettingRefusedReporter implements SpringBootExceptionReporter {

    private static final Logger LOG = LoggerFactory.getLogger(SettingRefusedReporter.class);

    @Override
    public boolean reportException(Throwable failure) {
        var refused = SettingRefused.in(failure);
        refused.ifPresent(setting -> LOG.error("{}", setting.getMessage()));
        return refused.isPresent();
    }
}
