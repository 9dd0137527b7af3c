package io.atelier.image.png;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;

/** PNG files of known samples, written and read by code that is as plain as possible and shares nothing with the code under test. */
public final class RawPng {

    private static final int[][] PASSES = {
        {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
    };

    final int width;
    final int height;
    final int colourType;
    final int depth;
    final int channels;
    final int[][] samples;
    final Map<String, byte[]> chunks = new LinkedHashMap<>();

    private RawPng(int width, int height, int colourType, int depth) {
        this.width = width;
        this.height = height;
        this.colourType = colourType;
        this.depth = depth;
        this.channels = colourType == 2 ? 3 : colourType == 4 ? 2 : colourType == 6 ? 4 : 1;
        this.samples = new int[height][width * channels];
    }

    public static RawPng random(int width, int height, int colourType, int depth, RandomGenerator random) {
        var png = new RawPng(width, height, colourType, depth);
        for (var row : png.samples) {
            for (int i = 0; i < row.length; i++) {
                row[i] = random.nextInt(1 << depth);
            }
        }
        if (colourType == 3) {
            var palette = new byte[3 << depth];
            random.nextBytes(palette);
            png.chunks.put("PLTE", palette);
        }
        return png;
    }

    /** All samples have the same value. */
    public static RawPng plain(int width, int height, int colourType, int depth, int value) {
        var png = new RawPng(width, height, colourType, depth);
        for (var row : png.samples) {
            Arrays.fill(row, value);
        }
        return png;
    }

    public RawPng with(String type, byte[] body) {
        chunks.put(type, body);
        return this;
    }

    public byte[] chunk(String type) {
        return Objects.requireNonNull(chunks.get(type), type);
    }

    /** The number of the colour type and the bit depth. */
    public List<Integer> form() {
        return List.of(colourType, depth);
    }

    /** Requires that another file has the chunks of this one, byte for byte; it may have texts beside them. */
    public void requireChunksOf(RawPng other) {
        var others = new LinkedHashMap<>(other.chunks);
        others.keySet().removeAll(Set.of("tEXt", "iTXt"));
        assertThat(others.keySet()).isEqualTo(chunks.keySet());
        chunks.forEach((type, body) -> assertThat(others.get(type)).as(type).isEqualTo(body));
    }

    public int[][] samples() {
        return samples;
    }

    /** A part of the samples, whose unit is a pixel. */
    public int[][] part(int x, int y, int w, int h) {
        var part = new int[h][];
        for (int row = 0; row < h; row++) {
            part[row] = Arrays.copyOfRange(samples[y + row], x * channels, (x + w) * channels);
        }
        return part;
    }

    /** The file. Row k is filtered with filter k modulo 5. */
    public byte[] file(boolean interlaced) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
        var header = ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put((byte) depth)
                .put((byte) colourType)
                .putShort((short) 0)
                .put((byte) (interlaced ? 1 : 0));
        chunk(out, "IHDR", header.array());
        chunks.forEach((type, body) -> chunk(out, type, body));
        var data = data(interlaced);
        int half = data.length / 2;
        chunk(out, "IDAT", Arrays.copyOf(data, half));
        chunk(out, "IDAT", Arrays.copyOfRange(data, half, data.length));
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    private byte[] data(boolean interlaced) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DeflaterOutputStream(bytes)) {
            for (var pass : interlaced ? PASSES : new int[][] {{0, 0, 1, 1}}) {
                int columns = (width - pass[0] + pass[2] - 1) / pass[2];
                byte[] above = null;
                for (int y = pass[1], number = 0; y < height && columns > 0; y += pass[3], number++) {
                    var row = new byte[(columns * channels * depth + 7) / 8];
                    for (int i = 0; i < columns * channels; i++) {
                        int x = pass[0] + i / channels * pass[2];
                        put(row, i, samples[y][x * channels + i % channels]);
                    }
                    out.write(number % 5);
                    out.write(filter(number % 5, row, above == null ? new byte[row.length] : above));
                    above = row;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private void put(byte[] row, int index, int value) {
        for (int bit = 0; bit < depth; bit++) {
            int at = index * depth + bit;
            row[at / 8] |= (byte) ((value >> (depth - 1 - bit) & 1) << (7 - at % 8));
        }
    }

    private int get(byte[] row, int index) {
        if (depth == 8) {
            return row[index] & 255;
        }
        int value = 0;
        for (int bit = 0; bit < depth; bit++) {
            int at = index * depth + bit;
            value = value << 1 | (row[at / 8] >> (7 - at % 8) & 1);
        }
        return value;
    }

    private byte[] filter(int filter, byte[] row, byte[] above) {
        var filtered = new byte[row.length];
        for (int i = 0; i < row.length; i++) {
            filtered[i] = (byte) (row[i] - predicted(filter, row, above, i));
        }
        return filtered;
    }

    private int predicted(int filter, byte[] row, byte[] above, int i) {
        int step = Math.max(1, channels * depth / 8);
        int a = i < step ? 0 : row[i - step] & 255;
        int b = above[i] & 255;
        int c = i < step ? 0 : above[i - step] & 255;
        int p = a + b - c;
        int nearest = Math.min(Math.abs(p - a), Math.min(Math.abs(p - b), Math.abs(p - c)));
        int paeth = Math.abs(p - a) == nearest ? a : Math.abs(p - b) == nearest ? b : c;
        return switch (filter) {
            case 1 -> a;
            case 2 -> b;
            case 3 -> (a + b) / 2;
            case 4 -> paeth;
            default -> 0;
        };
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] body) {
        var crc = new CRC32();
        crc.update(type.getBytes(StandardCharsets.US_ASCII));
        crc.update(body);
        var data = new DataOutputStream(out);
        try {
            data.writeInt(body.length);
            data.writeBytes(type);
            data.write(body);
            data.writeInt((int) crc.getValue());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A chunk with its length and its checksum. */
    public static byte[] chunk(String type, byte[] body) {
        var out = new ByteArrayOutputStream();
        chunk(out, type, body);
        return out.toByteArray();
    }

    /** The samples and chunks of a file, which must be valid. */
    public static RawPng parse(byte[] file) {
        var in = ByteBuffer.wrap(file);
        in.position(8);
        // Behind the signature: the length and the type of the header.
        var header = ByteBuffer.wrap(file, 16, 13).slice();
        var png = new RawPng(header.getInt(), header.getInt(), header.get(9), header.get(8));
        boolean interlaced = header.get(12) == 1;
        var data = new ByteArrayOutputStream();
        while (in.hasRemaining()) {
            var body = new byte[in.getInt()];
            var type = new byte[4];
            in.get(type).get(body).getInt();
            var name = new String(type, StandardCharsets.US_ASCII);
            if (name.equals("IDAT")) {
                data.writeBytes(body);
            } else if (!name.equals("IHDR") && !name.equals("IEND")) {
                png.chunks.put(name, body);
            }
        }
        png.read(data.toByteArray(), interlaced);
        return png;
    }

    private void read(byte[] data, boolean interlaced) {
        var inflater = new Inflater();
        inflater.setInput(data);
        try {
            for (var pass : interlaced ? PASSES : new int[][] {{0, 0, 1, 1}}) {
                int columns = (width - pass[0] + pass[2] - 1) / pass[2];
                byte[] above = null;
                for (int y = pass[1]; y < height && columns > 0; y += pass[3]) {
                    var line = new byte[1 + (columns * channels * depth + 7) / 8];
                    if (inflater.inflate(line) != line.length) {
                        throw new IllegalArgumentException("too short");
                    }
                    var row = Arrays.copyOfRange(line, 1, line.length);
                    var over = above == null ? new byte[row.length] : above;
                    for (int i = 0; i < row.length; i++) {
                        row[i] += (byte) predicted(line[0], row, over, i);
                    }
                    for (int i = 0; i < columns * channels; i++) {
                        int x = pass[0] + i / channels * pass[2];
                        samples[y][x * channels + i % channels] = get(row, i);
                    }
                    above = row;
                }
            }
        } catch (DataFormatException e) {
            throw new IllegalArgumentException(e);
        } finally {
            inflater.end();
        }
    }
}
