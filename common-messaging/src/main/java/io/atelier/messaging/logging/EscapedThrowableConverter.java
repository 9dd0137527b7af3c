package io.atelier.messaging.logging;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A stack trace whose messages are one line each, without control characters; takes the place of Logback's {@code %ex}. */
public final class EscapedThrowableConverter extends ThrowableProxyConverter {

    @Override
    protected String throwableProxyToString(IThrowableProxy failure) {
        return super.throwableProxyToString(new EscapedThrowable(failure));
    }

    /** A throwable with escaped messages. */
    private record EscapedThrowable(IThrowableProxy original) implements IThrowableProxy {

        @Override
        public @Nullable String getMessage() {
            return escaped(original.getMessage());
        }

        @Override
        public @Nullable String getOverridingMessage() {
            return escaped(original.getOverridingMessage());
        }

        @Override
        public String getClassName() {
            return original.getClassName();
        }

        @Override
        public StackTraceElementProxy[] getStackTraceElementProxyArray() {
            return original.getStackTraceElementProxyArray();
        }

        @Override
        public int getCommonFrames() {
            return original.getCommonFrames();
        }

        @Override
        public @Nullable IThrowableProxy getCause() {
            var cause = original.getCause();
            return cause == null ? null : new EscapedThrowable(cause);
        }

        @Override
        public IThrowableProxy[] getSuppressed() {
            var suppressed = original.getSuppressed();
            return suppressed == null
                    ? new IThrowableProxy[0]
                    : Arrays.stream(suppressed).map(EscapedThrowable::new).toArray(IThrowableProxy[]::new);
        }

        @Override
        public boolean isCyclic() {
            return original.isCyclic();
        }

        private static @Nullable String escaped(@Nullable String message) {
            return message == null ? null : ControlCharacters.escape(message);
        }
    }
}
