package io.atelier.messaging.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LogEscapingTests {

    private final LoggerContext context = new LoggerContext();
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    @Test
    void messagesStayInOneLineWithoutControlCharacters() {
        start("%level %msg%n%ex");

        context.getLogger("provider").info("answered {}", "\u001b]0;owned\u0007\r\nERROR a forged line\u009b31m\u2028");

        assertThat(output.toString(StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines(
                        "INFO answered \\u001b]0;owned\\u0007\\r\\nERROR a forged line\\u009b31m\\u2028\n");
    }

    @Test
    void messagesOfExceptionsAndTheirCausesAreEscapedToo() {
        start("%message%n%wEx");

        var cause = new IllegalArgumentException("cause\u001b[2J");
        var failure = new IllegalStateException("failure\nforged", cause);
        failure.addSuppressed(new IllegalStateException("suppressed\u0000"));
        context.getLogger("provider").error("failed", failure);

        assertThat(output.toString(StandardCharsets.UTF_8))
                .contains(
                        "java.lang.IllegalStateException: failure\\nforged",
                        "Caused by: java.lang.IllegalArgumentException: cause\\u001b[2J",
                        "Suppressed: java.lang.IllegalStateException: suppressed\\u0000",
                        "\tat io.atelier.messaging.logging.LogEscapingTests")
                .doesNotContain("\u001b", "\u0000");
    }

    @Test
    void otherTextsStayAsTheyAre() {
        start("%m");

        context.getLogger("provider").info("قلعه, a château,\ttabs, 🏰");

        assertThat(output.toString(StandardCharsets.UTF_8)).isEqualTo("قلعه, a château,\ttabs, 🏰");
    }

    private void start(String pattern) {
        context.setMDCAdapter(new LogbackMDCAdapter());
        var encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setPattern(pattern);
        encoder.start();
        var appender = new OutputStreamAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.setOutputStream(output);
        appender.start();
        context.getLogger("ROOT").addAppender(appender);
        LogEscaping.apply(context);
    }
}
