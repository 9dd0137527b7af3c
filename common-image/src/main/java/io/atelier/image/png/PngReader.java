package io.atelier.image.png;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a PNG file (ISO/IEC 15948) and checks it completely: order and checksums of its chunks, palette, transparency and all rows. */
final class PngReader {

    static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

    private static final int HEADER_LENGTH = 13;
    private static final int OVERHEAD = 12;
    private static final String ANIMATION = "The file is an animation, of which only the first image was taken.";

    private final byte[] bytes;
    private int position;
    private final Map<String, PngChunk> colourChunks = new LinkedHashMap<>();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private boolean isAfterData;
    private boolean isAnimated;

    PngReader(byte[] bytes) {
        this.bytes = bytes;
    }

    PngHeader header() throws PngFormatException {
        for (byte expected : SIGNATURE) {
            if (position == bytes.length || bytes[position++] != expected) {
                throw new PngFormatException("it is no PNG");
            }
        }
        int start = position;
        if (bytes.length - start < OVERHEAD + HEADER_LENGTH) {
            throw new PngFormatException("it ends early");
        }
        var chunk = next();
        if (!chunk.type().equals("IHDR") || chunk.body().length != HEADER_LENGTH) {
            throw new PngFormatException("it does not begin with a header");
        }
        var body = ByteBuffer.wrap(chunk.body());
        int width = body.getInt();
        int height = body.getInt();
        int bitDepth = body.get();
        int colourType = body.get();
        if (body.getShort() != 0) {
            throw new PngFormatException("its compression or filter method is unknown");
        }
        int interlace = body.get();
        var type = ColourType.of(colourType)
                .orElseThrow(() -> new PngFormatException("its colour type %d is unknown".formatted(colourType)));
        if (interlace != 0 && interlace != 1) {
            throw new PngFormatException("its interlace method is unknown");
        }
        try {
            return new PngHeader(width, height, type, bitDepth, interlace == 1);
        } catch (IllegalArgumentException e) {
            throw new PngFormatException(String.valueOf(e.getMessage()), e);
        }
    }

    PngImage read() throws PngFormatException {
        var header = header();
        int colours = readChunks(header);
        var compressed = data.toByteArray();
        PngRows.visit(header, compressed, checked(header, colours, (pass, y, row) -> {}));
        return new PngImage(
                header, List.copyOf(colourChunks.values()), compressed, isAnimated ? List.of(ANIMATION) : List.of());
    }

    PngRaster readRaster() throws PngFormatException {
        var header = header();
        int colours = readChunks(header);
        var samples = new PngRaster.SampleRows(header);
        PngRows.visit(header, data.toByteArray(), checked(header, colours, samples));
        return samples.raster(List.copyOf(colourChunks.values()));
    }

    /** Reads all chunks behind the header, and returns the number of colours of the palette. */
    private int readChunks(PngHeader header) throws PngFormatException {
        while (true) {
            var chunk = next();
            if (chunk.type().equals("IEND")) {
                break;
            }
            add(chunk);
        }
        if (data.size() == 0) {
            throw new PngFormatException("it has no image data");
        }
        int colours = checkPalette(header);
        checkTransparency(header, colours);
        return colours;
    }

    /** Refuses rows with colours that are not in the palette. */
    private static PngRows.Visitor checked(PngHeader header, int colours, PngRows.Visitor visitor) {
        if (header.colourType() != ColourType.PALETTE) {
            return visitor;
        }
        return (pass, y, row) -> {
            if (PngRows.largestIndex(row, pass.width(header), header.bitDepth()) >= colours) {
                throw new PngFormatException("a pixel has a colour that is not in the palette");
            }
            visitor.row(pass, y, row);
        };
    }

    private void add(PngChunk chunk) throws PngFormatException {
        var type = chunk.type();
        if (type.equals("IDAT")) {
            if (isAfterData) {
                throw new PngFormatException("its image data is not in one piece");
            }
            data.writeBytes(chunk.body());
            return;
        }
        isAfterData = data.size() > 0;
        isAnimated |= type.equals("acTL");
        if (PngChunk.isColour(type)) {
            if (!isAfterData) {
                colourChunks.putIfAbsent(type, chunk);
            }
        } else if (PngChunk.isCritical(type)) {
            throw new PngFormatException("it has the unknown chunk " + type);
        }
    }

    private PngChunk next() throws PngFormatException {
        if (bytes.length - position < OVERHEAD) {
            throw new PngFormatException("it ends early");
        }
        int length = ByteBuffer.wrap(bytes, position, 4).getInt();
        if (length < 0 || length > bytes.length - position - OVERHEAD) {
            throw new PngFormatException("it ends early");
        }
        var type = new String(bytes, position + 4, 4, StandardCharsets.ISO_8859_1);
        if (!type.matches("[A-Za-z]{4}")) {
            throw new PngFormatException("it is damaged");
        }
        int start = position + 8;
        int checksum = ByteBuffer.wrap(bytes, start + length, 4).getInt();
        boolean isNeeded = PngChunk.isCritical(type) || PngChunk.isColour(type);
        if (isNeeded && checksum != PngChunk.crc(type, bytes, start, length)) {
            throw new PngFormatException("the checksum of its chunk %s is wrong".formatted(type));
        }
        position = start + length + 4;
        var body = new byte[isNeeded ? length : 0];
        System.arraycopy(bytes, start, body, 0, body.length);
        return new PngChunk(type, body);
    }

    /** The number of colours of the palette; 0 for other colour types. */
    private int checkPalette(PngHeader header) throws PngFormatException {
        @Nullable PngChunk palette = colourChunks.get("PLTE");
        if (header.colourType() != ColourType.PALETTE) {
            // Only a suggestion for displays with few colours.
            colourChunks.remove("PLTE");
            return 0;
        }
        int length = palette == null ? 0 : palette.body().length;
        if (length == 0 || length % 3 != 0 || length / 3 > 1 << header.bitDepth()) {
            throw new PngFormatException("its palette is missing or damaged");
        }
        return length / 3;
    }

    private void checkTransparency(PngHeader header, int colours) throws PngFormatException {
        @Nullable PngChunk transparency = colourChunks.get("tRNS");
        if (transparency == null) {
            return;
        }
        int length = transparency.body().length;
        boolean isValid = switch (header.colourType()) {
            case GREY -> length == 2;
            case RGB -> length == 6;
            case PALETTE -> length <= colours;
            case GREY_ALPHA, RGB_ALPHA -> false;
        };
        if (!isValid) {
            throw new PngFormatException("its transparency is damaged");
        }
    }

    /** The chunks in an order that the standard allows: those on colour spaces before the palette, and the transparency behind it. */
    static List<PngChunk> ordered(List<PngChunk> chunks) {
        var ordered = new ArrayList<PngChunk>();
        for (var chunk : chunks) {
            if (!chunk.type().equals("PLTE") && !chunk.type().equals("tRNS")) {
                ordered.add(chunk);
            }
        }
        for (var last : List.of("PLTE", "tRNS")) {
            chunks.stream().filter(chunk -> chunk.type().equals(last)).forEach(ordered::add);
        }
        return ordered;
    }
}
