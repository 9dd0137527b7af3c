package io.atelier.avatarsample.provider;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A file in a form that was received. */
public final class FormFile {

    private final String name;
    private final String fileName;
    private final String contentType;
    private final byte[] bytes;

    FormFile(String name, String fileName, String contentType, byte[] bytes) {
        this.name = name;
        this.fileName = fileName;
        this.contentType = contentType;
        this.bytes = bytes.clone();
    }

    /** The name of the part, such as {@code image[]}. */
    public String name() {
        return name;
    }

    public String fileName() {
        return fileName;
    }

    public String contentType() {
        return contentType;
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    /** The SHA-256 checksum of the bytes in lower-case hex. */
    public String sha256() {
        return sha256(bytes);
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
