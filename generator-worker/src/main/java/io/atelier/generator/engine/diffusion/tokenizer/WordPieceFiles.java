package io.atelier.generator.engine.diffusion.tokenizer;

import io.atelier.generator.engine.diffusion.tokenizer.Vocabulary.Special;
import java.util.HashMap;
import tools.jackson.databind.JsonNode;

/** Reads the tokenizer of BERT, from {@code tokenizer.json} or from {@code vocab.txt}. */
final class WordPieceFiles {

    private static final int MAX_LENGTH = 512;
    private static final int MAX_WORD_CODE_POINTS = 100;
    private static final String CONTINUATION = "##";
    private static final Special START_TOKEN = new Special("cls_token", "[CLS]");
    private static final Special END_TOKEN = new Special("sep_token", "[SEP]");
    private static final Special PADDING_TOKEN = new Special("pad_token", "[PAD]");
    private static final Special UNKNOWN_TOKEN = new Special("unk_token", "[UNK]");

    private WordPieceFiles() {}

    /** Reads a {@code vocab.txt}: one token in each line, its id is the number of lines before it. */
    static Tokenizer read(TokenizerFile file, TokenizerConfig config) {
        var ids = new HashMap<String, Integer>();
        int id = 0;
        for (var line : file.lines()) {
            ids.put(line, id++);
        }
        boolean lowerCase = config.flag("do_lower_case", true);
        var words = new BertWords(
                lowerCase, config.flag("strip_accents", lowerCase), config.flag("tokenize_chinese_chars", true));
        return tokenizer(new Vocabulary(ids, file), words, CONTINUATION, MAX_WORD_CODE_POINTS, config);
    }

    /** Reads a {@code tokenizer.json}; padding and truncation in the file are ignored. */
    static Tokenizer read(TokenizerFile file, JsonNode root, TokenizerConfig config) {
        var model = root.path("model");
        return tokenizer(
                Vocabulary.of(model.path("vocab"), root.path("added_tokens"), file),
                words(root.path("normalizer"), file),
                model.path("continuing_subword_prefix").asString(CONTINUATION),
                model.path("max_input_chars_per_word").asInt(MAX_WORD_CODE_POINTS),
                config);
    }

    private static BertWords words(JsonNode normalizer, TokenizerFile file) {
        if (!normalizer.path("type").asString("").equals("BertNormalizer")) {
            throw file.unusable("its normalizer is not BERT's, others are not supported");
        }
        boolean lowerCase = normalizer.path("lowercase").asBoolean(true);
        return new BertWords(
                lowerCase,
                normalizer.path("strip_accents").asBoolean(lowerCase),
                normalizer.path("handle_chinese_chars").asBoolean(true));
    }

    private static Tokenizer tokenizer(
            Vocabulary vocabulary, BertWords words, String continuation, int maxWord, TokenizerConfig config) {
        var settings = new WordPieceSubwords.Settings(UNKNOWN_TOKEN.id(vocabulary, config), continuation, maxWord);
        var subwords = new WordPieceSubwords(words, vocabulary.ids(), settings);
        var frame = vocabulary.frame(config, START_TOKEN, END_TOKEN, PADDING_TOKEN);
        return new FramedTokenizer(subwords, frame, config.maxLength(MAX_LENGTH));
    }
}
