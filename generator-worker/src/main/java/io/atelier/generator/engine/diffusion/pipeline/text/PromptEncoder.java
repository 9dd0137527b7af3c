package io.atelier.generator.engine.diffusion.pipeline.text;

import io.atelier.generator.engine.onnx.OnnxRun;
import java.util.List;

/** The tokenizers and text encoders of a pipeline. Thread-safe. */
public interface PromptEncoder {

    /** Encodes texts together. */
    PromptEmbeddings encode(List<String> texts, EncodingOptions options, OnnxRun run);

    /** Encodes negative prompts together; most families treat them as others. */
    default PromptEmbeddings encodeNegative(List<String> texts, EncodingOptions options, OnnxRun run) {
        return encode(texts, options.forNegative(), run);
    }

    /** The embeddings {@code [1, S, D]} of a negative prompt that was not given; most families encode the empty text. */
    default PromptEmbeddings encodeMissingNegative(EncodingOptions options, OnnxRun run) {
        return encodeNegative(List.of(""), options, run);
    }

    /** The largest {@link EncodingOptions#clipSkip} that is possible with the exported networks. */
    int maxClipSkip();
}
