package io.atelier.embedded;

import org.apache.kafka.common.utils.Exit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when Kafka meets a fault after which it must not go on, such as a broken disk. Kafka's own answer is to end the JVM
 * without a word. Here the reason is logged first, and a fault of a broker that is only starting is an exception of {@code start}.
 */
final class FatalFaultHandler {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedBroker.class);
    private static final ThreadLocal<Boolean> starting = ThreadLocal.withInitial(() -> false);

    private FatalFaultHandler() {}

    /** Takes the place of Kafka's way to end the JVM; for the whole JVM, since Kafka keeps it in a static field. */
    static void install() {
        Exit.setExitProcedure(FatalFaultHandler::end);
        Exit.setHaltProcedure(FatalFaultHandler::end);
    }

    /** Runs what starts a broker: a fatal fault of this thread is thrown from here, and the JVM lives on. */
    static void whileStarting(Runnable start) {
        starting.set(true);
        try {
            start.run();
        } finally {
            starting.remove();
        }
    }

    private static void end(int status, String message) {
        var reason = message == null ? "it told the reason just before this line" : message;
        if (starting.get()) {
            throw new IllegalStateException("Kafka gave up: " + reason);
        }
        log.error(
                "The embedded Kafka broker met a fatal fault in thread {} ({}). This process ends now with status {}.",
                Thread.currentThread().getName(),
                reason,
                status);
        // Not System.exit: an orderly stop would wait for a broker that can no longer answer. All data survive a halt.
        Runtime.getRuntime().halt(status);
    }
}
