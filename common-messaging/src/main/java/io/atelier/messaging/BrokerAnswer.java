package io.atelier.messaging;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for answers of the brokers to requests of an admin client. */
public final class BrokerAnswer {

    private BrokerAnswer() {}

    /**
     * Returns the answer. Blocks; must not be called on the thread of the admin client.
     *
     * @param wanted names what was asked for, in messages
     * @throws IllegalStateException if there is no answer within the timeout, if the request failed, or if the thread is interrupted, which then
     *     keeps its interrupt
     */
    public static <T> T await(CompletionStage<T> answer, Duration timeout, String wanted) {
        try {
            return answer.toCompletableFuture().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "The brokers did not return %s within %d ms".formatted(wanted, timeout.toMillis()), e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("The brokers did not return %s: %s".formatted(wanted, e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for " + wanted, e);
        }
    }
}
