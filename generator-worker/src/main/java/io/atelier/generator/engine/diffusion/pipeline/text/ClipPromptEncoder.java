package io.atelier.generator.engine.diffusion.pipeline.text;

import io.atelier.generator.engine.diffusion.pipeline.model.DiffusersFolder;
import io.atelier.generator.engine.onnx.OnnxRun;
import io.atelier.generator.engine.onnx.SessionFactory;
import java.util.List;
import java.util.Set;

/**
 * Stable Diffusion 1.x and 2.x and latent consistency models: the last hidden state of one CLIP encoder {@code [n, 77, D]}. Layers that the model
 * never uses, as in 2.x, were cut off by the export.
 */
final class ClipPromptEncoder implements PromptEncoder {

    private static final String LAST_HIDDEN_STATE = "last_hidden_state";

    private final TokenEncoder clip;

    ClipPromptEncoder(DiffusersFolder folder, SessionFactory sessions) {
        this.clip = TokenEncoder.load(folder, "", sessions);
    }

    @Override
    public PromptEmbeddings encode(List<String> texts, EncodingOptions options, OnnxRun run) {
        var encoded = clip.encode(texts, clip.clipTokens(), Set.of(LAST_HIDDEN_STATE), run);
        return new PromptEmbeddings(encoded.output(LAST_HIDDEN_STATE), null, encoded.warnings());
    }

    /** The final layer norm, which an earlier layer would need, is not a network of its own. */
    @Override
    public int maxClipSkip() {
        return 0;
    }
}
