package io.atelier.generator.provider;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.worker.source.Redirects;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Failures that are the same for every provider: those before a response is complete. Clients search these messages for known phrases. */
public final class TransportFailures {

    private TransportFailures() {}

    /** Converts an exception of the HTTP client to a {@link GenerationFailed}; other exceptions are returned as they are. */
    static Throwable of(Throwable thrown, ProviderSettings settings) {
        if (thrown instanceof HttpExchange.ResponseTooLong) {
            return new GenerationFailed(
                    new Failure(
                            Code.INVALID_RESPONSE,
                            "Invalid response from image generation service: %s.".formatted(thrown.getMessage())),
                    thrown);
        }
        if (thrown instanceof Redirects.Refused) {
            return new GenerationFailed(
                    new Failure(
                            Code.PROVIDER_ERROR,
                            "Image generation service error: %s is not followed.".formatted(thrown.getMessage())),
                    thrown);
        }
        // All timeouts of OkHttp have this type; only the message shows which one it was.
        if (thrown instanceof InterruptedIOException) {
            boolean connecting =
                    String.valueOf(thrown.getMessage()).toLowerCase(Locale.ROOT).contains("connect");
            return timeout(
                    connecting
                            ? settings.timeouts().connectTimeout()
                            : settings.timeouts().readTimeout(),
                    thrown);
        }
        return thrown instanceof IOException ? network(thrown) : thrown;
    }

    /** The failure of a call that exceeded a time limit. */
    public static GenerationFailed timeout(Duration limit, @Nullable Throwable cause) {
        var message = "Image generation request timed out (timeout after %s s)".formatted(seconds(limit));
        return new GenerationFailed(new Failure(Code.PROVIDER_TIMEOUT, message), cause);
    }

    private static GenerationFailed network(Throwable thrown) {
        var message = "Network error during image generation: " + reason(thrown);
        return new GenerationFailed(new Failure(Code.NETWORK_ERROR, message), thrown);
    }

    /** A reason without the exception's message, which contains the address of the server: only the operator may know it. */
    private static String reason(Throwable thrown) {
        if (thrown instanceof UnknownHostException) {
            return "the server's name is not known.";
        }
        if (thrown instanceof ConnectException || thrown instanceof NoRouteToHostException) {
            return "the server cannot be reached.";
        }
        return thrown instanceof SSLException
                ? "there is no secure connection to the server."
                : "the connection to the server broke off.";
    }

    private static String seconds(Duration limit) {
        return limit.toMillis() % 1000 == 0
                ? Long.toString(limit.toSeconds())
                : Double.toString(limit.toMillis() / 1000.0);
    }
}
