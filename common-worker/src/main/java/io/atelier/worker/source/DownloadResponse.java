package io.atelier.worker.source;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Response;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/** A complete response to a download: a redirect, a file, or another status. Immutable. */
final class DownloadResponse {

    private static final int READ_BYTES = 1 << 16;
    private static final byte[] NO_BODY = {};

    private final int status;
    private final @Nullable String location;
    private final byte[] body;

    private DownloadResponse(int status, @Nullable String location, byte[] body) {
        this.status = status;
        this.location = location;
        this.body = body;
    }

    /** Where it leads; empty if it is no redirect. */
    Optional<String> location() {
        return Optional.ofNullable(location);
    }

    /**
     * The file itself, not a copy.
     *
     * @throws DownloadFailed if the status is not one of success
     */
    byte[] file() throws DownloadFailed {
        if (status < 200 || status > 299) {
            throw DownloadFailed.ofStatus(status);
        }
        return body;
    }

    /** Reads a response on a thread of the HTTP client; only the body of a success is read. */
    static final class Reader implements Callback {

        private final CompletableFuture<DownloadResponse> result;
        private final long maxBytes;

        /** @param maxBytes the length of the longest body that is read, after decompression */
        Reader(CompletableFuture<DownloadResponse> result, long maxBytes) {
            this.result = result;
            this.maxBytes = maxBytes;
        }

        @Override
        public void onResponse(Call call, Response response) {
            try (response) {
                result.complete(read(response));
            } catch (IOException | RuntimeException | Error e) {
                // After an error OkHttp would only cancel the call, and the task would wait for its last limit.
                result.completeExceptionally(e);
            }
        }

        @Override
        public void onFailure(Call call, IOException e) {
            result.completeExceptionally(e);
        }

        private DownloadResponse read(Response response) throws IOException {
            int status = response.code();
            @Nullable String location = response.header("Location");
            if (location != null && Redirects.isRedirect(status)) {
                return new DownloadResponse(status, location, NO_BODY);
            }
            return new DownloadResponse(status, null, response.isSuccessful() ? body(response) : NO_BODY);
        }

        private byte[] body(Response response) throws IOException {
            if (response.body().contentLength() > maxBytes) {
                throw new TooLong(maxBytes);
            }
            var source = response.body().source();
            var read = new Buffer();
            while (source.read(read, READ_BYTES) != -1) {
                if (read.size() > maxBytes) {
                    throw new TooLong(maxBytes);
                }
            }
            return read.readByteArray();
        }
    }

    /** A file is longer than the settings allow. */
    static final class TooLong extends IOException {

        private static final long serialVersionUID = 1L;

        private TooLong(long maxBytes) {
            super("The response is longer than %d bytes".formatted(maxBytes));
        }
    }
}
