package io.atelier.standalone.models.transfer;

import java.time.Duration;
import java.util.List;

/**
 * How long a server is waited for.
 *
 * @param connectTimeout for a connection
 * @param readTimeout for the next bytes of a response
 * @param retryDelays before each further attempt; a transfer ends when no byte has arrived in as many of them
 */
public record TransferLimits(Duration connectTimeout, Duration readTimeout, List<Duration> retryDelays) {

    /** About a minute for a server that restarts or a network that comes back. */
    public static final TransferLimits STANDARD = new TransferLimits(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            List.of(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30)));

    public TransferLimits {
        retryDelays = List.copyOf(retryDelays);
    }
}
