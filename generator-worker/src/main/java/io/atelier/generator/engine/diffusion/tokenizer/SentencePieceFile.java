package io.atelier.generator.engine.diffusion.tokenizer;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The parts of a {@code spiece.model} that are needed: a protocol buffer of type {@code ModelProto} of SentencePiece. */
final class SentencePieceFile {

    private static final int PIECES = 1;
    private static final int TRAINER = 2;
    private static final int NORMALIZER = 3;
    private static final int UNIGRAM = 1;

    private final List<Piece> pieces = new ArrayList<>();
    private byte[] characterMap = new byte[0];
    private long modelType = UNIGRAM;

    private SentencePieceFile() {}

    /**
     * Parses the file.
     *
     * @throws IllegalArgumentException if the bytes are no protocol buffer or have no pieces
     */
    static SentencePieceFile parse(byte[] bytes) {
        var file = new SentencePieceFile();
        try {
            var fields = new Fields(bytes);
            while (fields.next()) {
                switch (fields.number()) {
                    case PIECES -> file.pieces.add(piece(fields.bytes()));
                    case TRAINER -> file.readTrainer(fields.bytes());
                    case NORMALIZER -> file.readNormalizer(fields.bytes());
                    default -> {}
                }
            }
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("it ends in the middle of a field", e);
        }
        if (file.pieces.isEmpty()) {
            throw new IllegalArgumentException("it has no pieces");
        }
        return file;
    }

    List<Piece> pieces() {
        return List.copyOf(pieces);
    }

    /** The bytes of a {@link CharacterMap}, empty if the text is not normalised. */
    byte[] characterMap() {
        return characterMap.clone();
    }

    boolean isUnigram() {
        return modelType == UNIGRAM;
    }

    private static Piece piece(byte[] bytes) {
        String text = "";
        float score = 0;
        long type = Piece.NORMAL;
        var fields = new Fields(bytes);
        while (fields.next()) {
            switch (fields.number()) {
                case 1 -> text = new String(fields.bytes(), StandardCharsets.UTF_8);
                case 2 -> score = fields.float32();
                case 3 -> type = fields.varint();
                default -> {}
            }
        }
        return new Piece(text, score, type);
    }

    private void readTrainer(byte[] bytes) {
        var fields = new Fields(bytes);
        while (fields.next()) {
            if (fields.number() == 3) {
                modelType = fields.varint();
            }
        }
    }

    private void readNormalizer(byte[] bytes) {
        var fields = new Fields(bytes);
        while (fields.next()) {
            if (fields.number() == 2) {
                characterMap = fields.bytes();
            }
        }
    }

    /**
     * One piece; its id is its position.
     *
     * @param score log probability
     * @param type 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte
     */
    record Piece(String text, float score, long type) {

        private static final long NORMAL = 1;
        private static final long UNKNOWN = 2;
        private static final long USER_DEFINED = 4;

        /** Whether text may become this piece. */
        boolean isText() {
            return type == NORMAL || type == USER_DEFINED;
        }

        boolean isUnknown() {
            return type == UNKNOWN;
        }
    }

    /** The fields of one message, one after another. */
    private static final class Fields {

        private final ByteBuffer buffer;
        private int number;
        private long varint;
        private byte[] bytes = new byte[0];

        Fields(byte[] message) {
            this.buffer = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        }

        boolean next() {
            if (!buffer.hasRemaining()) {
                return false;
            }
            long key = readVarint();
            number = (int) (key >>> 3);
            bytes = new byte[0];
            switch ((int) (key & 7)) {
                case 0 -> varint = readVarint();
                case 1 -> bytes = take(Long.BYTES);
                case 2 -> bytes = take(readVarint());
                case 5 -> bytes = take(Float.BYTES);
                default -> throw new IllegalArgumentException("it is no protocol buffer");
            }
            return true;
        }

        int number() {
            return number;
        }

        long varint() {
            return varint;
        }

        byte[] bytes() {
            return bytes;
        }

        float float32() {
            return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getFloat();
        }

        private byte[] take(long count) {
            if (count < 0 || count > buffer.remaining()) {
                throw new BufferUnderflowException();
            }
            var taken = new byte[(int) count];
            buffer.get(taken);
            return taken;
        }

        private long readVarint() {
            long value = 0;
            for (int bits = 0; bits < Long.SIZE; bits += 7) {
                byte b = buffer.get();
                value |= (long) (b & 0x7f) << bits;
                if (b >= 0) {
                    return value;
                }
            }
            throw new IllegalArgumentException("it is no protocol buffer");
        }
    }
}
