package io.atelier.embedded;

import org.apache.kafka.common.utils.Exit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles fatal errors of Kafka, such as a broken disk. By default Kafka ends the JVM without a message. This handler logs the reason first,
 * and turns a fatal error during the start of a broker into an exception.
 */
final class KafkaExitHandler {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedBroker.class);
    private static final ThreadLocal<Boolean> starting = ThreadLocal.withInitial(() -> false);

    private KafkaExitHandler() {}

    /** Replaces Kafka's exit procedures, which are static, for the whole JVM. */
    static void install() {
        Exit.setExitProcedure(KafkaExitHandler::end);
        Exit.setHaltProcedure(KafkaExitHandler::end);
    }

    /** Runs the start of a broker: a fatal error in this thread is thrown as an exception, and the JVM continues. */
    static void whileStarting(Runnable start) {
        starting.set(true);
        try {
            start.run();
        } finally {
            starting.remove();
        }
    }

    private static void end(int status, String message) {
        var reason = message == null ? "see the previous log lines for the reason" : message;
        if (starting.get()) {
            throw new IllegalStateException("Kafka stopped: " + reason);
        }
        log.error(
                "Fatal error of the embedded Kafka broker in thread {} ({}). This process ends now with status {}.",
                Thread.currentThread().getName(),
                reason,
                status);
        // Not System.exit: a clean stop would wait for a broker that no longer responds. All data survive a halt.
        Runtime.getRuntime().halt(status);
    }
}
