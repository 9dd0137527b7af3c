package io.atelier.standalone.models.transfer;

import io.atelier.standalone.console.ByteCount;
import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Downloads one file. A broken connection is opened again, where it broke; what an earlier command left is used, too. The file has its name only when
 * it is complete and its checksum is right. For one thread.
 */
public final class FileDownload {

    private static final int BUFFER = 256 << 10;
    private static final int PARTIAL_CONTENT = 206;
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(\\d{1,18}|\\*)");

    private final FileServer server;
    private final URI address;
    private final String name;
    private final long size;
    private final @Nullable ContentChecksum checksum;
    private final TransferProgress progress;
    private final Function<WebResponse, CommandFailed> refusal;
    private final PartialFile file;
    private ContentChecksum.@Nullable Check check;

    /**
     * @param name of the file, for messages
     * @param size in bytes
     * @param checksum null if it is not known
     * @param refusal what an error response means
     */
    public FileDownload(
            FileServer server,
            URI address,
            Path target,
            String name,
            long size,
            @Nullable ContentChecksum checksum,
            TransferProgress progress,
            Function<WebResponse, CommandFailed> refusal) {
        this.server = server;
        this.address = address;
        this.name = name;
        this.size = size;
        this.checksum = checksum;
        this.progress = progress;
        this.refusal = refusal;
        this.file = new PartialFile(target);
    }

    /**
     * Downloads the file.
     *
     * @throws CommandFailed if it cannot be downloaded, or is not the announced one
     */
    public void run() {
        if (!isResumable()) {
            file.discard();
        }
        progress.present(file.size());
        for (int failures = 1; file.size() < size || size == 0; failures++) {
            long before = file.size();
            try {
                attempt();
                break;
            } catch (IOException e) {
                failures = file.size() > before ? 1 : failures;
                if (failures > server.limits().retryDelays().size()) {
                    throw broken(e);
                }
                progress.interrupted();
                server.pause(name, failures, e);
            }
        }
        verify();
        file.complete();
    }

    /** Bytes of an unknown version can only be used if a checksum proves them. */
    private boolean isResumable() {
        return file.size() <= size && (checksum != null || file.version().isPresent());
    }

    private void attempt() throws IOException {
        long from = file.size();
        try (var response = server.open("GET", address, headers(from))) {
            if (response.status() == RANGE_NOT_SATISFIABLE) {
                discard(from);
                throw new IOException("the server has another file now");
            }
            FileServer.requireUsable(response, refusal);
            if (response.status() == PARTIAL_CONTENT) {
                requireSamePlace(response, from);
            } else {
                discard(from);
                file.restart(response.version());
            }
            receive(response);
        }
    }

    private Map<String, String> headers(long from) {
        var headers = new LinkedHashMap<String, String>();
        if (from > 0) {
            headers.put("Range", "bytes=" + from + "-");
            file.version().ifPresent(version -> headers.put("If-Range", version));
        }
        return headers;
    }

    private void requireSamePlace(WebResponse response, long from) throws IOException {
        var range = CONTENT_RANGE.matcher(response.header("Content-Range").orElse(""));
        boolean fits = range.matches()
                && Long.parseLong(range.group(1)) == from
                && (range.group(2).equals("*") || Long.parseLong(range.group(2)) == size);
        if (!fits) {
            discard(from);
            throw new IOException("the server sent another part than was asked for");
        }
    }

    private void receive(WebResponse response) throws IOException {
        var running = check();
        var bytes = new byte[BUFFER];
        try (var body = response.body();
                var channel = file.append()) {
            long received = file.size();
            for (int count = body.read(bytes); count >= 0; count = body.read(bytes)) {
                received += count;
                if (received > size) {
                    discard(received - count);
                    throw new IOException("the server sent more than the announced " + ByteCount.text(size));
                }
                file.write(channel, ByteBuffer.wrap(bytes, 0, count));
                if (running != null) {
                    running.add(ByteBuffer.wrap(bytes, 0, count));
                }
                progress.add(count);
            }
            if (received < size) {
                throw new IOException("the connection was closed before the file was complete");
            }
        }
    }

    /** The check of all bytes that are there; null without a checksum. */
    private ContentChecksum.@Nullable Check check() {
        if (checksum == null) {
            return null;
        }
        var running = check;
        if (running == null || running.count() != file.size()) {
            running = checksum.begin(size);
            if (file.size() > 0) {
                file.addTo(running);
            }
            check = running;
        }
        return running;
    }

    private void verify() {
        var finished = check();
        if (checksum == null || finished == null) {
            return;
        }
        var actual = finished.hex();
        if (!actual.equals(checksum.hex())) {
            discard(size);
            throw new CommandFailed(
                    ExitCode.NOT_RUNNING,
                    "%s arrived damaged: its checksum is %s, announced was %s. The file was deleted; the same command downloads it again."
                            .formatted(name, actual, checksum.hex()));
        }
    }

    private void discard(long bytes) {
        file.discard();
        check = null;
        progress.discard(bytes);
    }

    private CommandFailed broken(IOException failure) {
        return new CommandFailed(
                ExitCode.NOT_RUNNING,
                "The download of %s stopped at %s of %s: %s. What has arrived is kept; the same command goes on with it."
                        .formatted(
                                name, ByteCount.text(file.size()), ByteCount.text(size), FileServer.describe(failure)));
    }
}
