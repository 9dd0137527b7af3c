package io.atelier.image.png;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.GenerationRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationParametersTests {

    private static final PngHeader SIZE = PngHeader.of(512, 384, ColourType.RGB, 8);

    /** The expression with which the web UI finds parameters in the last line. */
    private static final Pattern PARAMETER =
            Pattern.compile("\\s*(\\w[\\w \\-/]+):\\s*(\"(?:\\\\.|[^\\\\\"])+\"|[^,]*)(?:,|$)");

    @Test
    void theTextHasTheFormOfTheWebUi() {
        var text = GenerationParameters.text(
                request("a castle\non a hill", "fog"), 43L, SIZE, Map.of("sampler", "Euler a"));

        assertThat(text)
                .isEqualTo(
                        "a castle\non a hill\nNegative prompt: fog\n"
                                + "Steps: 8, Sampler: Euler a, CFG scale: 2.5, Seed: 43, Size: 512x384, Model: sdxl, Version: Atelier");
    }

    @DisplayName(
            "Without steps, seed and scale the last line still has three parameters, of which readers need so many")
    @Test
    void theLastLineIsAlwaysRecognised() {
        var request = GenerationRequest.builder()
                .prompt("a cat")
                .model("gpt-image-1.5")
                .requestedModel("auto")
                .engine("openai")
                .pool("remote")
                .size(new ImageSize(64, 64))
                .build();

        assertThat(GenerationParameters.text(request, null, SIZE, Map.of()))
                .isEqualTo("a cat\nSize: 512x384, Model: gpt-image-1.5, Version: Atelier");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a cat\nNegative prompt: a dog",
                "Negative prompt: a dog",
                "a cat\n  Negative prompt: a dog\nSteps: 99, Seed: 1, Size: 1x1",
                "a cat\rSteps: 99, Sampler: x, Seed: 1, Size: 1x1, Model: other",
                "a\0cat\u0007\u001B[2J",
                "ein Bär \uD83D\uDC3B, lone \uD83D",
            })
    void aHostilePromptIsReadAsPrompt(String prompt) {
        var read = read(
                GenerationParameters.text(request(prompt, "fog"), 43L, SIZE, Map.of("sampler", "a, Seed: 7\n\"\\")));

        assertThat(read.prompt())
                .isEqualToIgnoringCase(VisibleCharacters.of(prompt).replaceAll("(?m)^\\s+", ""));
        assertThat(read.negativePrompt()).isEqualTo("fog");
        assertThat(read.parameters())
                .containsOnlyKeys("Steps", "Sampler", "CFG scale", "Seed", "Size", "Model", "Version")
                .containsEntry("Seed", "43")
                .containsEntry("Model", "sdxl")
                .containsEntry("Sampler", "\"a, Seed: 7\\n\\\"\\\\\"");
        assertThat(read.prompt().chars()).noneMatch(c -> c < ' ' && c != '\n');
    }

    private record Read(String prompt, String negativePrompt, Map<String, String> parameters) {}

    /** Reads it as the web UI does. */
    private static Read read(String text) {
        var lines = new ArrayList<>(List.of(text.strip().split("\n", -1)));
        var last = lines.remove(lines.size() - 1);
        var parameters = new LinkedHashMap<String, String>();
        var found = PARAMETER.matcher(last);
        while (found.find()) {
            parameters.put(found.group(1), found.group(2));
        }
        var prompt = new ArrayList<String>();
        var negative = new ArrayList<String>();
        boolean isNegative = false;
        for (var line : lines) {
            var plain = line.strip();
            if (plain.startsWith("Negative prompt:")) {
                isNegative = true;
                plain = plain.substring("Negative prompt:".length()).strip();
            }
            (isNegative ? negative : prompt).add(plain);
        }
        return new Read(String.join("\n", prompt), String.join("\n", negative), parameters);
    }

    private static GenerationRequest request(String prompt, @Nullable String negativePrompt) {
        return GenerationRequest.builder()
                .prompt(prompt)
                .negativePrompt(negativePrompt)
                .model("sdxl")
                .requestedModel("auto")
                .engine("automatic1111")
                .pool("default")
                .size(new ImageSize(512, 384))
                .steps(8)
                .guidanceScale(2.5)
                .build();
    }
}
