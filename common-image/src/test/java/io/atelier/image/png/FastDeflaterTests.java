package io.atelier.image.png;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams are read by the JDK's zlib, which is another implementation of the formats. */
class FastDeflaterTests {

    private static final int SEED = 20_261_128;

    @ParameterizedTest
    @EnumSource
    void bytesAreReadAsTheyWereWritten(Kind kind) throws DataFormatException {
        var random = new Random(SEED);
        for (int i = 0; i < 200; i++) {
            int length = i % 4 == 0 ? random.nextInt(300_000) : random.nextInt(2_000);
            var bytes = kind.bytes(length, random);

            assertThat(inflate(deflate(bytes, random), length)).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 258, 259, 260, 261, 65_535, 65_536, 65_537, 131_072, 131_073})
    void lengthsAtTheEndsOfMatchesAndBlocks(int length) throws DataFormatException {
        var random = new Random(SEED);
        for (var kind : Kind.values()) {
            var bytes = kind.bytes(length, random);

            assertThat(inflate(deflate(bytes, random), length)).isEqualTo(bytes);
        }
    }

    private static byte[] deflate(byte[] bytes, Random random) {
        var deflater = new FastDeflater(1 << 20, 0);
        int written = 0;
        while (written < bytes.length) {
            int count = 1 + random.nextInt(Math.min(bytes.length - written, 70_000));
            deflater.write(bytes, written, count);
            written += count;
        }
        return deflater.finish();
    }

    private static byte[] inflate(byte[] stream, int length) throws DataFormatException {
        var inflater = new Inflater();
        try {
            inflater.setInput(stream);
            var bytes = new byte[length + 1];
            int filled = 0;
            while (!inflater.finished()) {
                int count = inflater.inflate(bytes, filled, bytes.length - filled);
                assertThat(count > 0 || inflater.finished())
                        .as("the stream goes on")
                        .isTrue();
                filled += count;
            }
            assertThat(inflater.getRemaining()).as("bytes behind the stream").isZero();
            return Arrays.copyOf(bytes, filled);
        } finally {
            inflater.end();
        }
    }

    private enum Kind {
        NOISE {
            @Override
            byte next(int i, Random random, byte last) {
                return (byte) random.nextInt(256);
            }
        },
        ONE_VALUE {
            @Override
            byte next(int i, Random random, byte last) {
                return 7;
            }
        },
        RUNS {
            @Override
            byte next(int i, Random random, byte last) {
                return random.nextInt(300) == 0 ? (byte) random.nextInt(3) : last;
            }
        },
        SMALL_DIFFERENCES {
            @Override
            byte next(int i, Random random, byte last) {
                return (byte) (3 * random.nextGaussian());
            }
        },
        /** Frequencies that halve from value to value, for which the best codes are far longer than 15 bits. */
        HALVES {
            @Override
            byte next(int i, Random random, byte last) {
                return (byte) Integer.numberOfTrailingZeros(i + 1);
            }
        };

        abstract byte next(int i, Random random, byte last);

        byte[] bytes(int length, Random random) {
            var bytes = new byte[length];
            for (int i = 0; i < length; i++) {
                bytes[i] = next(i, random, i == 0 ? 0 : bytes[i - 1]);
            }
            return bytes;
        }
    }
}
