package io.atelier.generator.engine.diffusion.pipeline.model;

import io.atelier.generator.engine.FileFailure;
import io.atelier.generator.engine.GenerationFailed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads the weights' number types and the names of external data from an ONNX file, without loading it: values are skipped, so that a file of
 * gigabytes takes milliseconds. Field numbers are those of {@code onnx.proto}.
 */
final class OnnxHeader {

    private static final int MODEL_GRAPH = 7;
    private static final int GRAPH_INITIALIZER = 5;
    private static final int TENSOR_DIMS = 1;
    private static final int TENSOR_TYPE = 2;
    private static final int TENSOR_EXTERNAL = 13;
    private static final int ENTRY_KEY = 1;
    private static final int ENTRY_VALUE = 2;
    private static final int MAX_NAME = 4_096;

    private static final Map<Integer, String> TYPES = Map.ofEntries(
            Map.entry(1, "float32"),
            Map.entry(2, "uint8"),
            Map.entry(3, "int8"),
            Map.entry(6, "int32"),
            Map.entry(7, "int64"),
            Map.entry(9, "bool"),
            Map.entry(10, "float16"),
            Map.entry(11, "float64"),
            Map.entry(16, "bfloat16"),
            Map.entry(17, "float8"),
            Map.entry(18, "float8"),
            Map.entry(19, "float8"),
            Map.entry(20, "float8"),
            Map.entry(21, "uint4"),
            Map.entry(22, "int4"),
            Map.entry(23, "float4"));

    private final Map<String, Long> weights = new HashMap<>();
    private final Map<String, Long> externalFiles = new TreeMap<>();
    private final ProtobufFile file;

    private OnnxHeader(ProtobufFile file) {
        this.file = file;
    }

    /**
     * Reads a file.
     *
     * @param name for messages
     * @throws GenerationFailed if it is not an ONNX model, or cannot be read
     */
    static WeightSummary read(String name, Path path) {
        try (var file = new ProtobufFile(path)) {
            var header = new OnnxHeader(file);
            if (!header.readModel()) {
                throw new MalformedFile("it has no graph");
            }
            return header.summary();
        } catch (MalformedFile e) {
            throw UnusableModel.because(
                    "%s is damaged or no ONNX file: %s. Export or download it again.".formatted(name, e.getMessage()),
                    e);
        } catch (IOException e) {
            throw FileFailure.of(name, e, "Export or download the model again.");
        }
    }

    private boolean readModel() throws IOException {
        boolean hasGraph = false;
        while (file.nextField(file.size())) {
            if (file.isMessage(MODEL_GRAPH)) {
                hasGraph = true;
                readGraph(file.endOfMessage());
            } else {
                file.skip();
            }
        }
        return hasGraph;
    }

    private void readGraph(long end) throws IOException {
        while (file.nextField(end)) {
            if (file.isMessage(GRAPH_INITIALIZER)) {
                readTensor(file.endOfMessage());
            } else {
                file.skip();
            }
        }
    }

    private void readTensor(long end) throws IOException {
        long values = 1;
        int type = 0;
        var external = new HashMap<String, String>();
        while (file.nextField(end)) {
            if (file.isMessage(TENSOR_DIMS)) {
                long endOfDims = file.endOfMessage();
                while (file.position() < endOfDims) {
                    values *= file.number();
                }
            } else if (file.isNumber(TENSOR_DIMS)) {
                values *= file.number();
            } else if (file.isNumber(TENSOR_TYPE)) {
                type = (int) file.number();
            } else if (file.isMessage(TENSOR_EXTERNAL)) {
                readExternal(external, file.endOfMessage());
            } else {
                file.skip();
            }
        }
        addExternal(external);
        weights.merge(TYPES.getOrDefault(type, "type " + type), values, Long::sum);
    }

    private void readExternal(Map<String, String> external, long end) throws IOException {
        String key = "";
        String value = "";
        while (file.nextField(end)) {
            if (file.isMessage(ENTRY_KEY)) {
                key = file.text(MAX_NAME);
            } else if (file.isMessage(ENTRY_VALUE)) {
                value = file.text(MAX_NAME);
            } else {
                file.skip();
            }
        }
        external.put(key, value);
    }

    /** The weights are {@code length} bytes from {@code offset} on; without a length they are the rest of the file. */
    private void addExternal(Map<String, String> external) throws IOException {
        var location = external.get("location");
        if (location != null) {
            long end = number(external, "offset") + number(external, "length");
            externalFiles.merge(location, Math.max(0, end), Math::max);
        }
    }

    private static long number(Map<String, String> external, String key) throws IOException {
        try {
            return Long.parseLong(external.getOrDefault(key, "0"));
        } catch (NumberFormatException e) {
            throw new MalformedFile("the %s of external data is no number".formatted(key), e);
        }
    }

    private WeightSummary summary() {
        String dtype = weights.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse("float32");
        long parameters = weights.values().stream().mapToLong(Long::longValue).sum();
        return new WeightSummary(dtype, parameters, externalFiles);
    }
}
