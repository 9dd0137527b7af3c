package io.atelier.generator.engine.diffusion.pipeline.text;

import io.atelier.generator.engine.diffusion.pipeline.model.DiffusersFolder;
import io.atelier.generator.engine.onnx.OnnxRun;
import io.atelier.generator.engine.onnx.SessionFactory;
import io.atelier.generator.engine.onnx.TensorValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The two CLIP encoders of SDXL and Stable Diffusion 3, whose states are joined vector by vector. */
final class ClipPair {

    private static final String TEXT_EMBEDS = "text_embeds";

    private final TokenEncoder first;
    private final TokenEncoder second;

    ClipPair(DiffusersFolder folder, SessionFactory sessions) {
        this.first = TokenEncoder.load(folder, "", sessions);
        this.second = TokenEncoder.load(folder, "_2", sessions);
    }

    /** SDXL: the pooled vector is that of the second encoder alone. */
    PromptEmbeddings encode(List<String> texts, int clipSkip, OnnxRun run) {
        String state = first.penultimate(clipSkip);
        var one = first.encode(texts, first.clipTokens(), Set.of(state), run);
        var two = encodeSecond(texts, clipSkip, run);
        var states = TokenStates.joinVectors(one.output(state), two.output(second.penultimate(clipSkip)));
        return new PromptEmbeddings(states, two.output(TEXT_EMBEDS), joined(one, two));
    }

    /** Stable Diffusion 3: the pooled vectors of both are joined. */
    PromptEmbeddings encodeWithBothPooled(List<String> texts, int clipSkip, OnnxRun run) {
        String state = first.penultimate(clipSkip);
        var one = first.encode(texts, first.clipTokens(), Set.of(state, TEXT_EMBEDS), run);
        var two = encodeSecond(texts, clipSkip, run);
        var states = TokenStates.joinVectors(one.output(state), two.output(second.penultimate(clipSkip)));
        TensorValues pooled = TokenStates.joinVectors(one.output(TEXT_EMBEDS), two.output(TEXT_EMBEDS));
        return new PromptEmbeddings(states, pooled, joined(one, two));
    }

    /** Limited by the encoder with fewer layers; at least the embeddings of the tokens stay. */
    int maxClipSkip() {
        return Math.max(0, Math.min(first.exportedLayers(), second.exportedLayers()) - 1);
    }

    private TokenEncoder.EncodedTokens encodeSecond(List<String> texts, int clipSkip, OnnxRun run) {
        return second.encode(texts, second.clipTokens(), Set.of(second.penultimate(clipSkip), TEXT_EMBEDS), run);
    }

    private static List<PromptWarning> joined(TokenEncoder.EncodedTokens one, TokenEncoder.EncodedTokens two) {
        var warnings = new ArrayList<>(one.warnings());
        warnings.addAll(two.warnings());
        return warnings;
    }
}
