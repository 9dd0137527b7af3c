package io.atelier.generator.engine.diffusion.tokenizer;

import io.atelier.generator.engine.diffusion.tokenizer.Vocabulary.Special;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Reads the tokenizer of CLIP, from {@code tokenizer.json} or from {@code vocab.json} and {@code merges.txt}. */
final class ClipFiles {

    private static final int MAX_LENGTH = 77;
    private static final String END = "<|endoftext|>";
    private static final Special START_TOKEN = new Special("bos_token", "<|startoftext|>");
    private static final Special END_TOKEN = new Special("eos_token", END);
    private static final Special UNKNOWN_TOKEN = new Special("unk_token", END);
    private static final Special PADDING_TOKEN = new Special("pad_token", END);

    private ClipFiles() {}

    static Tokenizer read(TokenizerFolder folder, TokenizerConfig config) {
        var vocabularyFile = folder.file("vocab.json");
        var vocabulary = Vocabulary.of(vocabularyFile.json(), MissingNode.getInstance(), vocabularyFile);
        var mergesFile = folder.file("merges.txt");
        // Only the first line can be a comment: in others the number sign is a symbol.
        var merges = mergesFile.lines().stream()
                .filter(line -> !line.startsWith("#version") && !line.isEmpty())
                .toList();
        return tokenizer(vocabulary, merges(merges, vocabulary, mergesFile), config);
    }

    static Tokenizer read(TokenizerFile file, JsonNode root, TokenizerConfig config) {
        var model = root.path("model");
        if (!model.path("end_of_word_suffix").asString("").equals(ByteSymbols.END_OF_WORD)) {
            throw file.unusable("it is a byte-pair tokenizer of another kind than CLIP's, which is not supported");
        }
        var vocabulary = Vocabulary.of(model.path("vocab"), root.path("added_tokens"), file);
        var merges = StreamSupport.stream(model.path("merges").spliterator(), false)
                .map(ClipFiles::merge)
                .toList();
        return tokenizer(vocabulary, merges(merges, vocabulary, file), config);
    }

    /** Older files have one string with a space, newer ones an array of two strings. */
    private static String merge(JsonNode merge) {
        return merge.isArray()
                ? merge.path(0).asString("") + " " + merge.path(1).asString("")
                : merge.asString("");
    }

    private static BytePairMerges merges(List<String> lines, Vocabulary vocabulary, TokenizerFile file) {
        var merges = new BytePairMerges.Builder();
        for (String line : lines) {
            int space = line.indexOf(' ');
            var left = space < 0 ? null : vocabulary.ids().get(line.substring(0, space));
            var right = space < 0 ? null : vocabulary.ids().get(line.substring(space + 1));
            var joined = vocabulary.ids().get(line.replace(" ", ""));
            if (left == null || right == null || joined == null) {
                throw file.unusable("the merge '%s' does not belong to the vocabulary".formatted(line));
            }
            merges.add(left, right, joined);
        }
        return merges.build();
    }

    private static Tokenizer tokenizer(Vocabulary vocabulary, BytePairMerges merges, TokenizerConfig config) {
        var frame = vocabulary.frame(config, START_TOKEN, END_TOKEN, PADDING_TOKEN);
        var symbols = new ByteSymbols(vocabulary.ids(), UNKNOWN_TOKEN.id(vocabulary, config));
        var padding = config.token(PADDING_TOKEN.role(), PADDING_TOKEN.otherwise());
        // The reference reads a typed padding token as that token. This is kept for one character, which a user means
        // as text; the longer
        // ones are control tokens.
        var literal = padding.codePointCount(0, padding.length()) == 1
                ? OptionalInt.of(padding.codePointAt(0))
                : OptionalInt.empty();
        return new FramedTokenizer(
                new ClipSubwords(symbols, merges, literal, frame.padding()), frame, config.maxLength(MAX_LENGTH));
    }
}
