package io.atelier.messaging.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.CoreConstants;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.pattern.DynamicConverter;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Replaces the converters of messages and stack traces in all patterns by those that escape control characters, when Spring Boot has configured
 * Logback. Logs in JSON need no change: JSON escapes control characters.
 */
public final class LogEscaping implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

    private static final List<String> MESSAGE_WORDS = List.of("m", "msg", "message");
    private static final List<String> THROWABLE_WORDS =
            List.of("ex", "exception", "throwable", "xEx", "xException", "xThrowable", "wex", "wEx");

    @Override
    public int getOrder() {
        return LoggingApplicationListener.DEFAULT_ORDER + 1;
    }

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        boolean configuredElsewhere = LoggingSystem.NONE.equals(System.getProperty(LoggingSystem.SYSTEM_PROPERTY));
        if (!configuredElsewhere && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            apply(context);
        }
    }

    /** Applies it to all appenders of the context that have a pattern. */
    static void apply(LoggerContext context) {
        Map<String, Supplier<? extends DynamicConverter<?>>> rules = new HashMap<>();
        if (context.getObject(CoreConstants.PATTERN_RULE_REGISTRY_FOR_SUPPLIERS) instanceof Map<?, ?> known) {
            known.forEach((word, supplier) ->
                    rules.put((String) word, () -> (DynamicConverter<?>) ((Supplier<?>) supplier).get()));
        }
        MESSAGE_WORDS.forEach(word -> rules.put(word, EscapedMessageConverter::new));
        THROWABLE_WORDS.forEach(word -> rules.put(word, EscapedThrowableConverter::new));
        context.putObject(CoreConstants.PATTERN_RULE_REGISTRY_FOR_SUPPLIERS, rules);
        for (var logger : context.getLoggerList()) {
            for (Iterator<Appender<ILoggingEvent>> appenders = logger.iteratorForAppenders(); appenders.hasNext(); ) {
                restart(appenders.next());
            }
        }
    }

    /** A layout reads the converters when it starts. */
    private static void restart(Appender<ILoggingEvent> appender) {
        if (appender instanceof OutputStreamAppender<ILoggingEvent> writing
                && writing.getEncoder() instanceof PatternLayoutEncoder encoder) {
            encoder.stop();
            encoder.start();
        }
    }
}
