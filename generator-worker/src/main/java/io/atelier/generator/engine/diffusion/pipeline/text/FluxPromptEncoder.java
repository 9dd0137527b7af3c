package io.atelier.generator.engine.diffusion.pipeline.text;

import io.atelier.generator.engine.diffusion.pipeline.model.DiffusersFolder;
import io.atelier.generator.engine.onnx.OnnxRun;
import io.atelier.generator.engine.onnx.SessionFactory;
import java.util.List;
import java.util.Set;

/** FLUX.1: the states of T5 {@code [n, S, D]}, and the pooled vector of CLIP {@code [n, P]}. */
final class FluxPromptEncoder implements PromptEncoder {

    private static final String POOLER_OUTPUT = "pooler_output";
    private static final String LAST_HIDDEN_STATE = "last_hidden_state";

    private final TokenEncoder clip;
    private final TokenEncoder t5;

    FluxPromptEncoder(DiffusersFolder folder, SessionFactory sessions) {
        this.clip = TokenEncoder.load(folder, "", sessions);
        this.t5 = TokenEncoder.load(folder, "_2", sessions);
    }

    /** CLIP only sets the tone, so a text that it cuts is no loss as long as T5 reads it. */
    @Override
    public PromptEmbeddings encode(List<String> texts, EncodingOptions options, OnnxRun run) {
        var pooled = clip.encode(texts, clip.clipTokens(), Set.of(POOLER_OUTPUT), run);
        var states = t5.encode(texts, options.maxSequenceLength(), Set.of(LAST_HIDDEN_STATE), run);
        return new PromptEmbeddings(states.output(LAST_HIDDEN_STATE), pooled.output(POOLER_OUTPUT), states.warnings());
    }

    @Override
    public int maxClipSkip() {
        return 0;
    }
}
