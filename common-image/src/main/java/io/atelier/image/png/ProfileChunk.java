package io.atelier.image.png;

import java.util.Arrays;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Reads the ICC profile in a chunk iCCP (ISO/IEC 15948 §11.3.2.3). */
final class ProfileChunk {

    static final String TYPE = "iCCP";

    /** Profiles of displays and printers have 0.5 KB to 2 MB. */
    private static final int MAX_BYTES = 4 << 20;

    private ProfileChunk() {}

    /** The profile, decompressed; empty if it is damaged or too large. */
    static Optional<byte[]> profile(PngChunk chunk) {
        var body = chunk.body();
        int name = 0;
        while (name < body.length && body[name] != 0) {
            name++;
        }
        // The name, its end, and the method of compression, which is always 0.
        int start = name + 2;
        if (start >= body.length) {
            return Optional.empty();
        }
        var inflater = new Inflater();
        try {
            inflater.setInput(body, start, body.length - start);
            var profile = new byte[8_192];
            int length = 0;
            while (!inflater.finished()) {
                int count = inflater.inflate(profile, length, profile.length - length);
                length += count;
                if ((count == 0 && length < profile.length) || length == MAX_BYTES) {
                    return Optional.empty();
                }
                if (length == profile.length) {
                    profile = Arrays.copyOf(profile, Math.min(MAX_BYTES, 2 * length));
                }
            }
            return Optional.of(Arrays.copyOf(profile, length));
        } catch (DataFormatException e) {
            return Optional.empty();
        } finally {
            inflater.end();
        }
    }
}
