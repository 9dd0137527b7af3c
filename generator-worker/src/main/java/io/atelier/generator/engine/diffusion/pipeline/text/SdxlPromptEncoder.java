package io.atelier.generator.engine.diffusion.pipeline.text;

import io.atelier.generator.engine.diffusion.pipeline.model.DiffusersFolder;
import io.atelier.generator.engine.onnx.OnnxRun;
import io.atelier.generator.engine.onnx.SessionFactory;
import java.util.List;
import java.util.Objects;

/**
 * Stable Diffusion XL: the states of the last layer but one of both CLIP encoders, joined to {@code [n, 77, D1 + D2]}, and the pooled vector
 * {@code [n, P]} of the second.
 */
final class SdxlPromptEncoder implements PromptEncoder {

    private final ClipPair clip;
    private final boolean forcesZeros;

    SdxlPromptEncoder(DiffusersFolder folder, SessionFactory sessions) {
        this.clip = new ClipPair(folder, sessions);
        this.forcesZeros = folder.forcesZerosForEmptyPrompt();
    }

    @Override
    public PromptEmbeddings encode(List<String> texts, EncodingOptions options, OnnxRun run) {
        return clip.encode(texts, options.clipSkip(), run);
    }

    /** Zeros, unless the model says otherwise; an empty negative prompt is encoded like any text. */
    @Override
    public PromptEmbeddings encodeMissingNegative(EncodingOptions options, OnnxRun run) {
        var empty = encodeNegative(List.of(""), options, run);
        if (!forcesZeros) {
            return empty;
        }
        return new PromptEmbeddings(
                TokenStates.zerosLike(empty.states()),
                TokenStates.zerosLike(Objects.requireNonNull(empty.pooled())),
                List.of());
    }

    @Override
    public int maxClipSkip() {
        return clip.maxClipSkip();
    }
}
