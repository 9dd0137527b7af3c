package io.atelier.gateway;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.Ordered;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;

/**
 * Sets the log levels of a test's application before its class runs. A process has one logging system, and the application that starts last sets its
 * levels; the shared context of a class may be older than another application that an earlier class has started.
 */
final class LogLevelsOfContext implements TestExecutionListener, Ordered {

    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    @Override
    public void beforeTestClass(TestContext test) {
        var logging = LoggingSystem.get(LogLevelsOfContext.class.getClassLoader());
        Binder.get(test.getApplicationContext().getEnvironment())
                .bind("logging.level", Bindable.mapOf(String.class, LogLevel.class))
                .orElseThrow(() -> new AssertionError("the gateway sets no log levels"))
                .forEach(logging::setLogLevel);
    }
}
