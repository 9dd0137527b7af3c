package io.atelier.embedded;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
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
    private static final Set<Path> folders = ConcurrentHashMap.newKeySet();

    /** Less free space than Kafka needs for the next segment of a log and its indexes. */
    private static final long FULL_DISK_BYTES = 32L << 20;

    private KafkaExitHandler() {}

    /**
     * Replaces Kafka's exit procedures, which are static, for the whole JVM.
     *
     * @param folder data folder of a broker
     */
    static void install(Path folder) {
        folders.add(folder);
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

    /** Kafka's own status, or that of a full disk. */
    static int status(int kafkaStatus, LongSupplier freeBytes) {
        return freeBytes.getAsLong() < FULL_DISK_BYTES ? EmbeddedBroker.DISK_FULL_STATUS : kafkaStatus;
    }

    private static long freeBytes() {
        return folders.stream()
                .mapToLong(folder -> folder.toFile().getUsableSpace())
                .min()
                .orElse(Long.MAX_VALUE);
    }

    private static void end(int kafkaStatus, String message) {
        int status = status(kafkaStatus, KafkaExitHandler::freeBytes);
        var reason = status == EmbeddedBroker.DISK_FULL_STATUS
                ? "the disk is full: " + folders
                : message == null ? "see the previous log lines for the reason" : message;
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
