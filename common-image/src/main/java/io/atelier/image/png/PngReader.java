package io.atelier.image.png;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

    private static final int OVERHEAD = PngChunk.OVERHEAD;

    /** Where the body of a chunk begins. */
    private static final int BODY = 8;

    private static final int IDAT = 0x49444154;
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final String ANIMATION = "The file is an animation, of which only the first image was taken.";

    private final byte[] bytes;
    private int position;
    private final Map<String, PngChunk> colourChunks = new LinkedHashMap<>();

    /** Where the first chunk of the image data begins; negative before it was found. */
    private int dataStart = -1;

    private int dataLength;
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
        PngRows.visit(header, new DataChunks(), checked(header, colours, (pass, y, row) -> {}));
        return new PngImage(
                header,
                List.copyOf(colourChunks.values()),
                new DataChunks().joined(dataLength),
                isAnimated ? List.of(ANIMATION) : List.of());
    }

    PngRaster readRaster(PngRaster.Progress progress) throws PngFormatException {
        var header = header();
        int colours = readChunks(header);
        var samples = new PngRaster.SampleRows(header, List.copyOf(colourChunks.values()), progress);
        PngRows.visit(header, new DataChunks(), checked(header, colours, samples));
        return samples.raster();
    }

    /** The chunks of the image data, read where they lie in the file. */
    private final class DataChunks implements PngRows.CompressedBytes {

        private int at = dataStart;

        @Override
        public boolean feed(FastInflater inflater) {
            int length = nextLength();
            if (length < 0) {
                return false;
            }
            inflater.setInput(bytes, at + BODY, length);
            at += OVERHEAD + length;
            return true;
        }

        byte[] joined(int total) {
            var joined = new byte[total];
            int filled = 0;
            for (int length = nextLength(); length >= 0; length = nextLength()) {
                System.arraycopy(bytes, at + BODY, joined, filled, length);
                filled += length;
                at += OVERHEAD + length;
            }
            return joined;
        }

        /** The length of the next chunk that is not empty; negative if there is none. The file was checked and ends with another chunk. */
        private int nextLength() {
            while (typeAt(at) == IDAT) {
                int length = intAt(at);
                if (length > 0) {
                    return length;
                }
                at += OVERHEAD;
            }
            return -1;
        }
    }

    /** Reads all chunks behind the header, and returns the number of colours of the palette. */
    private int readChunks(PngHeader header) throws PngFormatException {
        while (true) {
            int start = position;
            var chunk = next();
            if (chunk.type().equals("IEND")) {
                break;
            }
            if (chunk.type().equals("IDAT")) {
                addData(start);
            } else {
                add(chunk);
            }
        }
        if (dataLength == 0) {
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

    /** Notes a chunk of the image data, which begins at {@code start} and ends at the position. */
    private void addData(int start) throws PngFormatException {
        if (isAfterData) {
            throw new PngFormatException("its image data is not in one piece");
        }
        if (dataStart < 0) {
            dataStart = start;
        }
        dataLength += position - start - OVERHEAD;
    }

    private void add(PngChunk chunk) throws PngFormatException {
        var type = chunk.type();
        isAfterData = dataStart >= 0;
        isAnimated |= type.equals("acTL");
        if (PngChunk.isColour(type)) {
            if (!isAfterData) {
                colourChunks.putIfAbsent(type, chunk);
            }
        } else if (PngChunk.isCritical(type)) {
            throw new PngFormatException("it has the unknown chunk " + type);
        }
    }

    /** The next chunk, with an empty body if that is not needed here: that of the image data stays in the file. */
    private PngChunk next() throws PngFormatException {
        if (bytes.length - position < OVERHEAD) {
            throw new PngFormatException("it ends early");
        }
        int start = position;
        int length = intAt(start);
        if (length < 0 || length > bytes.length - start - OVERHEAD) {
            throw new PngFormatException("it ends early");
        }
        for (int i = start + 4; i < start + BODY; i++) {
            int letter = bytes[i] | 0x20;
            if (letter < 'a' || letter > 'z') {
                throw new PngFormatException("it is damaged");
            }
        }
        boolean isData = typeAt(start) == IDAT;
        var type = isData ? "IDAT" : new String(bytes, start + 4, 4, StandardCharsets.ISO_8859_1);
        boolean isNeeded = PngChunk.isCritical(type) || PngChunk.isColour(type);
        // The checksum covers the type and the body.
        if (isNeeded && intAt(start + BODY + length) != PngChunk.crc(bytes, start + 4, 4 + length)) {
            throw new PngFormatException("the checksum of its chunk %s is wrong".formatted(type));
        }
        position = start + OVERHEAD + length;
        var body = new byte[isNeeded && !isData ? length : 0];
        System.arraycopy(bytes, start + BODY, body, 0, body.length);
        return new PngChunk(type, body);
    }

    private int typeAt(int chunk) {
        return intAt(chunk + 4);
    }

    private int intAt(int at) {
        return (int) INTS.get(bytes, at);
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
