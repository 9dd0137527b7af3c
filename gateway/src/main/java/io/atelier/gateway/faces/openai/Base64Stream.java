package io.atelier.gateway.faces.openai;

import java.util.Arrays;
import java.util.Base64;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Encodes a stream of bytes in base64 (RFC 4648 §4, with padding), buffer by buffer. For one stream; not thread-safe. */
final class Base64Stream {

    private byte[] rest = {};

    private Base64Stream() {}

    /** The text of the bytes. */
    static Flux<DataBuffer> encode(Flux<DataBuffer> bytes, DataBufferFactory buffers) {
        return Flux.defer(() -> {
            var encoder = new Base64Stream();
            return bytes.map(buffer -> buffers.wrap(encoder.next(buffer)))
                    .concatWith(Mono.fromSupplier(() -> buffers.wrap(encoder.end())))
                    .filter(text -> text.readableByteCount() > 0);
        });
    }

    /** The length of the text of so many bytes. */
    static long length(long bytes) {
        return (bytes + 2) / 3 * 4;
    }

    private byte[] next(DataBuffer buffer) {
        int count = buffer.readableByteCount();
        var all = Arrays.copyOf(rest, rest.length + count);
        buffer.read(all, rest.length, count);
        DataBufferUtils.release(buffer);
        // Three bytes have four characters; what is left over begins the next group.
        int whole = all.length - all.length % 3;
        rest = Arrays.copyOfRange(all, whole, all.length);
        return Base64.getEncoder().encode(Arrays.copyOf(all, whole));
    }

    private byte[] end() {
        return Base64.getEncoder().encode(rest);
    }
}
