package io.atelier.gateway.webhooks;

import io.atelier.http.PrivateAddress;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.client.PrematureCloseException;

/** Says in a sentence why an attempt failed, without anything that the receiver sent. */
final class AttemptFailures {

    private AttemptFailures() {}

    /** The reason in the status of a response; null for a success. */
    static @Nullable String of(int status) {
        if (status >= 200 && status <= 299) {
            return null;
        }
        return status >= 300 && status <= 399
                ? "The receiver answered with status %d; redirects are not followed.".formatted(status)
                : "The receiver answered with status %d.".formatted(status);
    }

    /** The reason why there was no response. */
    static String of(Throwable failure, Duration timeout) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            var known = known(cause, timeout);
            if (known != null) {
                return known;
            }
        }
        return "The attempt failed: %s.".formatted(failure.getClass().getSimpleName());
    }

    private static @Nullable String known(Throwable failure, Duration timeout) {
        if (failure instanceof PrivateAddress) {
            return "The host is in a private network; ATELIER_WEBHOOK_ADDRESSES=any on the gateway allows that.";
        }
        if (failure instanceof UnknownHostException) {
            return "The host has no address.";
        }
        if (failure instanceof TimeoutException) {
            return "No response within %d ms.".formatted(timeout.toMillis());
        }
        if (failure instanceof ConnectException || failure instanceof NoRouteToHostException) {
            return "The receiver accepts no connection.";
        }
        if (failure instanceof SSLException) {
            return "No secure connection: the certificate or the protocol of the receiver was not accepted.";
        }
        if (failure instanceof PrematureCloseException || failure instanceof SocketException) {
            return "The receiver closed the connection without a response.";
        }
        if (failure instanceof URISyntaxException) {
            return "The address is not a valid URL.";
        }
        // Netty's decoder has no type of its own for a line that it cannot read.
        return failure instanceof IllegalArgumentException ? "The receiver did not answer with valid HTTP." : null;
    }
}
