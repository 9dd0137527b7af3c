package io.atelier.generator.provider;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationFailed;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The failures that are the same for every server: those before there is an answer. Old clients look for parts of these messages. */
public final class TransportFailures {

    private TransportFailures() {}

    /** What went wrong on the way to an answer, in the words that all share. */
    static Throwable of(Throwable thrown, ProviderSettings settings) {
        if (thrown instanceof HttpExchange.TooLong) {
            return new GenerationFailed(
                    new Failure(
                            Code.INVALID_RESPONSE,
                            "Invalid response from image generation service: %s.".formatted(thrown.getMessage())),
                    thrown);
        }
        if (thrown instanceof HttpExchange.BadRedirection) {
            return new GenerationFailed(
                    new Failure(
                            Code.PROVIDER_ERROR,
                            "Image generation service error: %s is not followed.".formatted(thrown.getMessage())),
                    thrown);
        }
        // All of OkHttp's timeouts are of this kind; only their words differ.
        if (thrown instanceof InterruptedIOException) {
            boolean connecting =
                    String.valueOf(thrown.getMessage()).toLowerCase(Locale.ROOT).contains("connect");
            return timeout(connecting ? settings.connect() : settings.read(), thrown);
        }
        return thrown instanceof IOException ? network(thrown) : thrown;
    }

    /** A call that took too long. */
    public static GenerationFailed timeout(Duration limit, @Nullable Throwable cause) {
        var message = "Image generation request timed out (timeout after %s s)".formatted(seconds(limit));
        return new GenerationFailed(new Failure(Code.PROVIDER_TIMEOUT, message), cause);
    }

    private static GenerationFailed network(Throwable thrown) {
        var message = "Network error during image generation: " + what(thrown);
        return new GenerationFailed(new Failure(Code.NETWORK_ERROR, message), thrown);
    }

    /** In words of our own: those of the exception name the server, which is nobody's business but the operator's. */
    private static String what(Throwable thrown) {
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
