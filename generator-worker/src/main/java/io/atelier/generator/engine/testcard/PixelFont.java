package io.atelier.generator.engine.testcard;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** A font of 5 x 7 dots with capitals, digits and some signs. Other characters are shown as a box. */
final class PixelFont {

    static final int WIDTH = 5;
    static final int HEIGHT = 7;

    /** From the start of one letter to the start of the next, in dots. */
    static final int ADVANCE = WIDTH + 1;

    private static final String BOX = "vhhhhhv";

    /** Each letter with its rows from top to bottom; a row is a base-32 digit whose highest bit is the leftmost dot. */
    private static final String LETTERS = """
            A ehhvhhh B uhhuhhu C ehggghe D uhhhhhu E vgguggv F vgguggg G ehgnhhe H hhhvhhh I e44444e J 72222ic
            K hikokih L ggggggv M hrllhhh N hhpljhh O ehhhhhe P uhhuggg Q ehhhlid R uhhukih S fgge11u T v444444
            U hhhhhhe V hhhhha4 W hhhllrh X hha4ahh Y hha4444 Z v1248gv
            0 ehjlphe 1 4c4444e 2 eh1248v 3 v2421he 4 26aiv22 5 vgu11he 6 68guhhe 7 v124888 8 ehhehhe 9 ehhf12c
            . 00000cc , 0000c48 : 0cc0cc0 - 000e000 _ 000000v ! 4444404 ? eh12404 ' 4400000 " aa00000 ( 2488842
            ) 8422248 / 01248g0 # aavavaa + 044v440 = 00v0v00 & cik8lid % op248j3 * 04lel40
            """;

    private static final Map<String, String> ROWS = rows();

    private PixelFont() {}

    /** The dots of one row of a letter in the lowest five bits; the highest of them is the leftmost dot. */
    static int row(char letter, int row) {
        if (letter == ' ') {
            return 0;
        }
        var rows = ROWS.getOrDefault(String.valueOf(letter).toUpperCase(Locale.ROOT), BOX);
        return Character.digit(rows.charAt(row), 32);
    }

    private static Map<String, String> rows() {
        var words =
                LETTERS.lines().flatMap(line -> Stream.of(line.split(" ", -1))).toList();
        var rows = new HashMap<String, String>();
        for (int i = 0; i < words.size(); i += 2) {
            rows.put(words.get(i), words.get(i + 1));
        }
        return Map.copyOf(rows);
    }
}
