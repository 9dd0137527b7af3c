package io.atelier.splitter.grid;

import io.atelier.image.png.PngRaster;
import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** A grid whose contents are known to the pixel: a background of one colour with images on it. */
public final class GridFixture {

    private final BufferedImage image;
    private final List<Box> contents = new ArrayList<>();

    public GridFixture(int width, int height, int type, Color background) {
        image = new BufferedImage(width, height, type);
        fill(new Box(0, 0, width, height), background);
    }

    /** Images of the size of {@code first}, which is the first one, with equal gutters between them and a border behind the last. */
    public static GridFixture even(int rows, int cols, Box first, int gutter, int border, int type, Color background) {
        int width = cols * first.width() + (cols - 1) * gutter + first.x() + border;
        int height = rows * first.height() + (rows - 1) * gutter + first.y() + border;
        var grid = new GridFixture(width, height, type, background);
        for (int row = 0; row < rows; row++) {
            for (int col = 0; col < cols; col++) {
                int x = first.x() + col * (first.width() + gutter);
                int y = first.y() + row * (first.height() + gutter);
                grid.contents.add(new Box(x, y, first.width(), first.height()));
            }
        }
        return grid;
    }

    /** Images in a square; the gutters between them have random widths and are up to 4 % of a cell away from their even places. */
    static GridFixture uneven(int rows, int cols, int side, RandomGenerator random, Color background) {
        var grid = new GridFixture(side, side, BufferedImage.TYPE_INT_ARGB, background);
        var ys = gutters(rows, side, random);
        var xs = gutters(cols, side, random);
        for (int row = 0; row < rows; row++) {
            for (int col = 0; col < cols; col++) {
                int x = xs[2 * col + 1];
                int y = ys[2 * row + 1];
                grid.contents.add(new Box(x, y, xs[2 * col + 2] - x, ys[2 * row + 2] - y));
            }
        }
        return grid;
    }

    /** The begin and the end of each gutter; the first ends at 0, the last begins at the edge. */
    private static int[] gutters(int parts, int side, RandomGenerator random) {
        var edges = new int[2 * parts + 2];
        for (int k = 1; k < parts; k++) {
            int cell = side / parts;
            int width = random.nextInt(1, cell / 8);
            edges[2 * k] = k * side / parts - width / 2 + random.nextInt(-cell / 25, cell / 25 + 1);
            edges[2 * k + 1] = edges[2 * k] + width;
        }
        edges[2 * parts] = side;
        return edges;
    }

    public BufferedImage image() {
        return image;
    }

    PngRaster raster() {
        return PngRaster.of(image);
    }

    List<Box> contents() {
        return contents;
    }

    public GridFixture fill(Box box, Color colour) {
        var pen = image.createGraphics();
        pen.setComposite(AlphaComposite.Src);
        pen.setColor(colour);
        pen.fillRect(box.x(), box.y(), box.width(), box.height());
        pen.dispose();
        return this;
    }

    /** Fills each image with a colour. */
    GridFixture coloured(Color... colours) {
        for (int i = 0; i < contents.size(); i++) {
            fill(contents.get(i), colours[i % colours.length]);
        }
        return this;
    }

    /** Fills all images with noise of medium brightness, which differs from every background. */
    public GridFixture noisy(RandomGenerator random) {
        for (var box : contents) {
            for (int y = box.y(); y < box.y() + box.height(); y++) {
                for (int x = box.x(); x < box.x() + box.width(); x++) {
                    image.setRGB(x, y, 0xFF000000 | 0x404040 + (random.nextInt() & 0x7F7F7F));
                }
            }
        }
        return this;
    }
}
