package io.atelier.image.png;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the JDK's zlib reads, this reads as well, to the same bytes; what zlib refuses, this refuses. */
class FastInflaterTests {

    private static final int SEED = 20_261_129;

    /** The longest output that a mutated stream may claim here. */
    private static final int LONGEST = 1 << 20;

    @ParameterizedTest
    @ValueSource(ints = {Deflater.DEFAULT_STRATEGY, Deflater.FILTERED, Deflater.HUFFMAN_ONLY})
    void readsAllLevelsInPiecesOfAnyLength(int strategy) throws PngFormatException {
        var random = new Random(SEED + strategy);
        for (int i = 0; i < 150; i++) {
            var bytes = bytes(random, i % 10 == 0 ? 400_000 : 20_000);
            var stream = deflated(bytes, i % 10, strategy, random);

            assertThat(inflated(stream, bytes.length + 1, random)).isEqualTo(bytes);
        }
    }

    @Test
    void readsWhatTheOwnDeflaterWrites() throws PngFormatException {
        var random = new Random(SEED);
        for (int i = 0; i < 100; i++) {
            var bytes = bytes(random, 300_000);
            var deflater = new FastDeflater(1 << 20, 0);
            deflater.write(bytes, 0, bytes.length);

            assertThat(inflated(deflater.finish(), bytes.length + 1, random)).isEqualTo(bytes);
        }
    }

    @Test
    void readsFixedCodesWithFarMatches() throws PngFormatException {
        // zlib takes the fixed codes for short inputs.
        for (var text : new String[] {"", "a", "abcabcabcabcabc", "0123456789".repeat(7)}) {
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            var stream = deflated(bytes, 9, Deflater.DEFAULT_STRATEGY, new Random(SEED));

            assertThat(inflated(stream, bytes.length + 1, new Random(SEED))).isEqualTo(bytes);
        }
    }

    @Test
    void judgesMutatedStreamsAsZlibDoes() {
        var random = new Random(SEED);
        int refused = 0;
        int read = 0;
        for (int i = 0; i < 6_000; i++) {
            var bytes = bytes(random, 3_000);
            var stream = mutated(deflated(bytes, random.nextInt(10), random.nextInt(3), random), random);
            var expected = zlib(stream);

            byte @Nullable [] actual;
            try {
                actual = inflated(stream, LONGEST, random);
            } catch (PngFormatException e) {
                assertThat(e).hasMessageStartingWith("its image data ");
                actual = null;
            }

            assertThat(actual).as("mutated stream %d", i).isEqualTo(expected);
            refused += expected == null ? 1 : 0;
            read += expected == null ? 0 : 1;
        }
        assertThat(refused).as("refused streams").isGreaterThan(3_000);
        assertThat(read).as("streams that are still whole").isGreaterThan(100);
    }

    @Test
    void everyCutStreamEndsEarly() {
        var random = new Random(SEED);
        for (int level = 0; level < 10; level++) {
            var stream = deflated(bytes(random, 400), level, Deflater.DEFAULT_STRATEGY, random);
            for (int length = 0; length < stream.length; length++) {
                var cut = Arrays.copyOf(stream, length);

                assertThatThrownBy(() -> inflated(cut, LONGEST, random))
                        .as("%d of %d bytes", cut.length, stream.length)
                        .isInstanceOf(PngFormatException.class)
                        .hasMessage("its image data ends early");
            }
        }
    }

    /** Runs, noise and copies in turn. */
    private static byte[] bytes(Random random, int longest) {
        var bytes = new byte[random.nextInt(longest)];
        int filled = 0;
        while (filled < bytes.length) {
            int count = Math.min(1 + random.nextInt(600), bytes.length - filled);
            int kind = random.nextInt(4);
            int back = 1 + random.nextInt(Math.max(1, Math.min(filled, 32_768)));
            byte value = (byte) random.nextInt(256);
            for (int i = filled; i < filled + count; i++) {
                bytes[i] = switch (kind) {
                    case 0 -> value;
                    case 1 -> (byte) random.nextInt(256);
                    case 2 -> (byte) Math.round(random.nextGaussian() * 9);
                    default -> i >= back ? bytes[i - back] : value;
                };
            }
            filled += count;
        }
        return bytes;
    }

    private static byte[] deflated(byte[] bytes, int level, int strategy, Random random) {
        var deflater = new Deflater(level);
        deflater.setStrategy(strategy);
        var out = new ByteArrayOutputStream();
        var part = new byte[1 << 16];
        int from = 0;
        while (from < bytes.length) {
            int count = 1 + random.nextInt(bytes.length - from);
            deflater.setInput(bytes, from, count);
            from += count;
            int flush = random.nextInt(3) == 0 ? Deflater.FULL_FLUSH : Deflater.NO_FLUSH;
            int written;
            do {
                written = deflater.deflate(part, 0, part.length, flush);
                out.write(part, 0, written);
            } while (written > 0 || !deflater.needsInput());
        }
        deflater.finish();
        while (!deflater.finished()) {
            out.write(part, 0, deflater.deflate(part));
        }
        deflater.end();
        return out.toByteArray();
    }

    private static byte[] mutated(byte[] stream, Random random) {
        var mutated = stream.clone();
        int changes = random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            // Often at the beginning, where the codes are.
            int at = random.nextInt(random.nextBoolean() ? Math.min(80, mutated.length) : mutated.length);
            mutated[at] ^= (byte) (1 << random.nextInt(8));
        }
        int kept = random.nextInt(4) == 0 ? random.nextInt(mutated.length + 1) : mutated.length;
        return Arrays.copyOf(mutated, kept);
    }

    /** What the JDK reads; null if it refuses the stream. */
    private static byte @Nullable [] zlib(byte[] stream) {
        var inflater = new Inflater();
        try {
            inflater.setInput(stream);
            var bytes = new byte[LONGEST];
            int filled = 0;
            while (!inflater.finished()) {
                int count = inflater.inflate(bytes, filled, bytes.length - filled);
                if (count == 0 && !inflater.finished()) {
                    return null;
                }
                filled += count;
            }
            return Arrays.copyOf(bytes, filled);
        } catch (DataFormatException e) {
            return null;
        } finally {
            inflater.end();
        }
    }

    /** Reads in parts of random lengths, from pieces of random lengths. */
    private static byte[] inflated(byte[] stream, int longest, Random random) throws PngFormatException {
        var pieces = new Object() {
            private int at;

            boolean feed(FastInflater inflater) {
                int count = Math.min(stream.length - at, random.nextInt(random.nextBoolean() ? 10 : 9_000));
                inflater.setInput(stream, at, count);
                at += count;
                return at < stream.length || count > 0;
            }
        };
        var inflater = new FastInflater(pieces::feed);
        var bytes = new byte[longest];
        int filled = 0;
        while (true) {
            int wanted = Math.min(1 + random.nextInt(100_000), longest - filled);
            int count = inflater.read(bytes, filled, wanted);
            filled += count;
            if (count < wanted || filled == longest) {
                return Arrays.copyOf(bytes, filled);
            }
        }
    }
}
