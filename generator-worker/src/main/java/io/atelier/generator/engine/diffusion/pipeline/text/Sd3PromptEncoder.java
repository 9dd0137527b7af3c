package io.atelier.generator.engine.diffusion.pipeline.text;

import io.atelier.generator.engine.diffusion.pipeline.model.DiffusersFolder;
import io.atelier.generator.engine.onnx.OnnxRun;
import io.atelier.generator.engine.onnx.SessionFactory;
import io.atelier.generator.engine.onnx.TensorValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stable Diffusion 3: the joined states of both CLIP encoders, padded with zeros to the width of T5, then the states of T5:
 * {@code [n, 77 + S, D]}. Without T5 its {@code S} tokens are zeros. The pooled vectors of both CLIP encoders are joined to {@code [n, P1 + P2]}.
 */
final class Sd3PromptEncoder implements PromptEncoder {

    private static final String T5 = "_3";
    private static final String LAST_HIDDEN_STATE = "last_hidden_state";
    private static final int USUAL_WIDTH = 4_096;

    private final ClipPair clip;
    private final @Nullable TokenEncoder t5;
    private final int width;

    Sd3PromptEncoder(DiffusersFolder folder, SessionFactory sessions) {
        this.clip = new ClipPair(folder, sessions);
        this.t5 = folder.declares("text_encoder" + T5) ? TokenEncoder.load(folder, T5, sessions) : null;
        this.width = folder.config("transformer").integer("joint_attention_dim", USUAL_WIDTH);
    }

    @Override
    public PromptEmbeddings encode(List<String> texts, EncodingOptions options, OnnxRun run) {
        var ofClip = clip.encodeWithBothPooled(texts, options.clipSkip(), run);
        var warnings = new ArrayList<>(ofClip.warnings());
        var ofT5 = encodeT5(texts, options.maxSequenceLength(), warnings, run);
        var states = TokenStates.joinTokens(TokenStates.padVectors(ofClip.states(), ofT5.length(-1)), ofT5);
        return new PromptEmbeddings(states, ofClip.pooled(), warnings);
    }

    @Override
    public int maxClipSkip() {
        return clip.maxClipSkip();
    }

    private TensorValues encodeT5(List<String> texts, int length, List<PromptWarning> warnings, OnnxRun run) {
        if (t5 == null) {
            return TokenStates.zeros(texts.size(), length, width);
        }
        var encoded = t5.encode(texts, length, Set.of(LAST_HIDDEN_STATE), run);
        warnings.addAll(encoded.warnings());
        return encoded.output(LAST_HIDDEN_STATE);
    }
}
