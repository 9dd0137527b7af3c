/** Tokenizers of text encoders, read from the files of a model folder: CLIP byte-level BPE, T5 unigram, BERT WordPiece. */
@NullMarked
package io.atelier.generator.engine.diffusion.tokenizer;

import org.jspecify.annotations.NullMarked;
