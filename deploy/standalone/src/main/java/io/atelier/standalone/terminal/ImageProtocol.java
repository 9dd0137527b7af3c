package io.atelier.standalone.terminal;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;

/** A way to show an image in a terminal. */
enum ImageProtocol {
    /** Graphics protocol of kitty; the terminal decodes the PNG. */
    KITTY {
        @Override
        String encode(byte[] png, int columns) {
            var data = Base64.getEncoder().encodeToString(png);
            var text = new StringBuilder();
            for (int start = 0; start < data.length(); start += KITTY_CHUNK) {
                int end = Math.min(data.length(), start + KITTY_CHUNK);
                var control = start == 0 ? "a=T,f=100,q=2,c=" + columns + "," : "";
                text.append("\u001B_G").append(control).append(end < data.length() ? "m=1;" : "m=0;");
                text.append(data, start, end).append(STRING_END);
            }
            return text.append('\n').toString();
        }
    },

    /** Inline images of iTerm2; the terminal decodes the PNG. */
    ITERM2 {
        @Override
        String encode(byte[] png, int columns) {
            return "\u001B]1337;File=inline=1;size=%d;width=%d;preserveAspectRatio=1:%s\u0007\n"
                    .formatted(png.length, columns, Base64.getEncoder().encodeToString(png));
        }
    },

    /** Sixel graphics of the VT340: six rows of pixels at a time, with a palette. */
    SIXEL {
        @Override
        String encode(byte[] png, int columns) throws IOException {
            return SixelEncoder.encode(decoded(png), columns * SIXEL_COLUMN_PIXELS) + "\n";
        }
    };

    private static final int KITTY_CHUNK = 4096;
    private static final int SIXEL_COLUMN_PIXELS = 9;
    private static final String STRING_END = "\u001B\\";
    private static final Pattern DEVICE_ATTRIBUTES = Pattern.compile("\u001B\\[\\?([\\d;]*)c");
    private static final Pattern ITERM2_NAMES = Pattern.compile("\u001BP>\\|(iTerm2|WezTerm|mintty)");

    /** Asks for support of kitty's protocol, for the name of the terminal, and for its device attributes, which every terminal answers. */
    static final String QUERY = "\u001B_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA" + STRING_END + "\u001B[>q\u001B[c";

    /**
     * The text that shows the image at the cursor.
     *
     * @param columns the width in columns of the terminal; the height follows
     * @throws IOException if the image cannot be decoded
     */
    abstract String encode(byte[] png, int columns) throws IOException;

    /** Whether the last answer, that with the device attributes, is complete. */
    static boolean isComplete(String answers) {
        return DEVICE_ATTRIBUTES.matcher(answers).find();
    }

    /** The protocol that a terminal has which gave these answers to {@link #QUERY}; empty if it has none. */
    static Optional<ImageProtocol> of(String answers) {
        if (answers.contains("\u001B_Gi=31;OK")) {
            return Optional.of(KITTY);
        }
        if (ITERM2_NAMES.matcher(answers).find()) {
            return Optional.of(ITERM2);
        }
        return DEVICE_ATTRIBUTES
                .matcher(answers)
                .results()
                .filter(attributes -> (";" + attributes.group(1) + ";").contains(";4;"))
                .map(attributes -> SIXEL)
                .findFirst();
    }

    private static BufferedImage decoded(byte[] png) throws IOException {
        var image = ImageIO.read(new ByteArrayInputStream(png));
        if (image == null) {
            throw new IOException("The image has an unknown format");
        }
        return image;
    }
}
