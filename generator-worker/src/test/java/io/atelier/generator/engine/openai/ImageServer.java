package io.atelier.generator.engine.openai;

import static io.atelier.generator.provider.ProviderStub.json;

import io.atelier.generator.engine.openai.dialect.Dialect;
import io.atelier.generator.provider.ProviderStub;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import mockwebserver3.MockResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A fake server of one dialect: it refuses what the real one refuses, with its messages, and generates by prompt and seed. Prompts that begin with
 * "slow" take 1.5 s.
 */
final class ImageServer implements Function<ProviderStub.Call, MockResponse> {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern TAG = Pattern.compile("<sd_cpp_extra_args>(.*?)</sd_cpp_extra_args>");
    private static final Set<String> COMMON_FIELDS = Set.of("prompt", "model", "n", "size");
    private static final Set<String> OPENVINO_FIELDS =
            Set.of("num_inference_steps", "guidance_scale", "rng_seed", "negative_prompt", "strength");
    private static final Set<String> ATELIER_FIELDS = Set.of(
            "steps",
            "guidance_scale",
            "seed",
            "negative_prompt",
            "response_format",
            "quality",
            "background",
            "moderation");

    private final Dialect dialect;
    private final Random randomSeeds = new Random(1);

    ImageServer(Dialect dialect) {
        this.dialect = dialect;
    }

    @Override
    public MockResponse apply(ProviderStub.Call call) {
        var form = Form.of(call);
        var fields = form.fields();
        var error = error(call, form);
        if (error != null) {
            return error;
        }
        var answer = json(200, "{\"data\":[%s]}".formatted(String.join(",", images(fields))));
        return text(fields, "prompt").startsWith("slow") ? ProviderStub.after(1500, answer) : answer;
    }

    private @Nullable MockResponse error(ProviderStub.Call call, Form form) {
        var fields = form.fields();
        var version = dialect == Dialect.OVMS ? "/v3/" : "/v1/";
        if (!call.path().startsWith(version + "images/") || !call.method().equals("POST")) {
            return json(404, "{\"error\":\"Invalid request URL\"}");
        }
        boolean edits = call.path().endsWith("/edits");
        var images = form.files().stream().filter(part -> !isMaskPart(part)).toList();
        if (edits && (images.isEmpty() || !images.stream().allMatch(this::isSourcePart))) {
            return json(422, "{\"detail\":\"Field 'image' or 'url' is required\"}");
        }
        return switch (dialect) {
            case OPENAI ->
                GptImageRules.refusal(fields, edits)
                        .map(refused -> openAi(refused.status(), refused.message(), refused.code()))
                        .orElse(null);
            case OVMS -> openVino(form);
            case ATELIER ->
                unknown(fields, ATELIER_FIELDS)
                        .map(name -> openAi("Unknown field '%s'.".formatted(name), "unknown_parameter"))
                        .orElse(null);
            case LOCALAI -> "b64_json".equals(fields.get("response_format")) ? null : urlResponse();
            case SGLANG ->
                "b64_json".equals(fields.get("response_format"))
                        ? null
                        : json(400, "{\"detail\":\"response_format='url' requires cloud storage to be configured.\"}");
            case VLLM_OMNI ->
                Double.parseDouble(fields.getOrDefault("guidance_scale", "0")) > 20
                                || !text(fields, "size").contains("x")
                        ? json(422, "{\"detail\":[{\"loc\":[\"body\"],\"msg\":\"out of range\"}]}")
                        : null;
            case OLLAMA ->
                Integer.parseInt(text(fields, "n")) > 1 || !"b64_json".equals(fields.get("response_format"))
                        ? openAi("only one image as b64_json", "invalid_request")
                        : null;
            case SDCPP -> null;
        };
    }

    private static @Nullable MockResponse openVino(Form form) {
        var unknown = unknown(form.fields(), OPENVINO_FIELDS);
        if (unknown.isPresent()) {
            return json(400, "{\"error\":\"Unhandled parameter: %s\"}".formatted(unknown.get()));
        }
        return form.files().stream().filter(part -> part.equals("image")).count() > 1
                ? json(400, "{\"error\":\"Only one image is supported\"}")
                : null;
    }

    private boolean isMaskPart(String part) {
        return part.equals("mask")
                && (dialect == Dialect.OPENAI || dialect == Dialect.OVMS || dialect == Dialect.SDCPP);
    }

    private boolean isSourcePart(String part) {
        return switch (dialect) {
            case OPENAI, SDCPP, SGLANG -> part.equals("image[]");
            default -> part.equals("image");
        };
    }

    private static Optional<String> unknown(Map<String, String> fields, Set<String> known) {
        return fields.keySet().stream()
                .filter(name -> !COMMON_FIELDS.contains(name) && !known.contains(name))
                .findFirst();
    }

    private static String text(Map<String, String> fields, String name) {
        return fields.getOrDefault(name, "");
    }

    private static MockResponse openAi(String message, String code) {
        return openAi(400, message, code);
    }

    private static MockResponse openAi(int status, String message, String code) {
        return json(
                status,
                "{\"error\":{\"message\":\"%s\",\"type\":\"invalid_request_error\",\"code\":\"%s\"}}"
                        .formatted(message, code));
    }

    private static MockResponse urlResponse() {
        return json(200, "{\"data\":[{\"url\":\"http://127.0.0.1/generated-images/b64.png\"}]}");
    }

    private List<String> images(Map<String, String> fields) {
        long seed = seed(fields);
        var prompt = TAG.matcher(text(fields, "prompt")).replaceAll("");
        var images = new ArrayList<String>();
        for (int i = 0; i < Integer.parseInt(text(fields, "n")); i++) {
            // Only stable-diffusion.cpp increments the seed within a call.
            long imageSeed = dialect == Dialect.SDCPP ? seed + i : seed * 31 + i;
            images.add("{\"b64_json\":\"%s\"}"
                    .formatted(png(text(fields, "size"), new Random(imageSeed + prompt.hashCode()))));
        }
        return images;
    }

    private long seed(Map<String, String> fields) {
        if (dialect == Dialect.SDCPP) {
            var tag = TAG.matcher(text(fields, "prompt"));
            return tag.find() ? JSON.readTree(tag.group(1)).path("seed").asLong() : randomSeeds.nextLong();
        }
        var seed = fields.get(dialect == Dialect.OVMS ? "rng_seed" : "seed");
        return seed == null ? randomSeeds.nextLong() : Long.parseLong(seed);
    }

    private static String png(String size, Random random) {
        var sides = (size.equals("auto") ? "1024x1024" : size).split("x", 2);
        int width = Integer.parseInt(sides[0]);
        int height = Integer.parseInt(sides[1]);
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        var graphics = image.createGraphics();
        graphics.setPaint(new GradientPaint(
                0, 0, new Color(random.nextInt(1 << 24)), width, height, new Color(random.nextInt(1 << 24))));
        graphics.fillRect(0, 0, width, height);
        graphics.dispose();
        var bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    /**
     * The fields and files of a request in JSON or in a multipart form.
     *
     * @param files the names of the parts that are files
     */
    record Form(Map<String, String> fields, List<String> files) {

        private static final Pattern PART = Pattern.compile("name=\"([^\"]*)\"(; filename=\"([^\"]*)\")?");

        static Form of(ProviderStub.Call call) {
            var type = call.header("Content-Type");
            return type.startsWith("multipart/")
                    ? parts(call.text(), type.split("boundary=", 2)[1])
                    : json(call.text());
        }

        private static Form json(String text) {
            var fields = new HashMap<String, String>();
            JSON.readTree(text).properties().forEach(field -> fields.put(field.getKey(), plain(field.getValue())));
            return new Form(fields, List.of());
        }

        private static String plain(JsonNode value) {
            return value.isString() ? value.asString() : value.toString();
        }

        private static Form parts(String text, String boundary) {
            var fields = new HashMap<String, String>();
            var files = new ArrayList<String>();
            for (var part : text.split("--" + Pattern.quote(boundary), -1)) {
                var head = PART.matcher(part);
                int body = part.indexOf("\r\n\r\n");
                if (body < 0 || !head.find()) {
                    continue;
                }
                if (head.group(3) == null) {
                    fields.put(head.group(1), part.substring(body + 4, part.length() - 2));
                } else {
                    files.add(head.group(1));
                }
            }
            return new Form(fields, files);
        }
    }
}
