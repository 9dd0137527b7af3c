package io.atelier.generator.engine.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes small ONNX files. Field numbers are those of {@code onnx.proto}. */
final class OnnxBytes {

    private static final int FLOAT = 1;

    private OnnxBytes() {}

    /**
     * A network {@code y = x} of one axis.
     *
     * @param type number of the data type in {@code onnx.proto}
     */
    static byte[] identity(int type) {
        var node = join(text(1, "x"), text(2, "y"), text(4, "Identity"));
        return model(
                join(message(1, node), text(2, "graph"), message(11, value("x", type)), message(12, value("y", type))));
    }

    /** A network {@code y = x + w}, in which {@code w} are two float32 numbers in another file. */
    static byte[] addExternal(String location) {
        var node = join(text(1, "x"), text(1, "w"), text(2, "y"), text(4, "Add"));
        var entry = join(text(1, "location"), text(2, location));
        var weights = join(number(1, 2), number(2, FLOAT), text(8, "w"), message(13, entry), number(14, 1));
        return model(join(
                message(1, node),
                text(2, "graph"),
                message(5, weights),
                message(11, value("x", FLOAT)),
                message(12, value("y", FLOAT))));
    }

    /** A network {@code z = x * y} of a column and a row, which is as large as the square of their length. */
    static byte[] outerProduct() {
        var node = join(text(1, "x"), text(1, "y"), text(2, "z"), text(4, "MatMul"));
        return model(join(
                message(1, node),
                text(2, "graph"),
                message(11, value("x", FLOAT, "n", "one")),
                message(11, value("y", FLOAT, "one", "n")),
                message(12, value("z", FLOAT, "n", "n"))));
    }

    private static byte[] model(byte[] graph) {
        return join(number(1, 8), message(7, graph), message(8, number(2, 18)));
    }

    private static byte[] value(String name, int type) {
        return value(name, type, "n");
    }

    private static byte[] value(String name, int type, String... axes) {
        var shape =
                join(Arrays.stream(axes).map(axis -> message(1, text(2, axis))).toArray(byte[][]::new));
        var tensor = join(number(1, type), message(2, shape));
        return join(text(1, name), message(2, message(1, tensor)));
    }

    private static byte[] text(int field, String text) {
        return message(field, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] number(int field, int value) {
        return join(varint(field << 3), varint(value));
    }

    private static byte[] message(int field, byte[] content) {
        return join(varint(field << 3 | 2), varint(content.length), content);
    }

    private static byte[] varint(int value) {
        var bytes = new ByteArrayOutputStream();
        int rest = value;
        while (rest > 127) {
            bytes.write((rest & 127) | 128);
            rest >>>= 7;
        }
        bytes.write(rest);
        return bytes.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        var bytes = new ByteArrayOutputStream();
        for (var part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }
}
