package io.atelier.generator.engine.diffusion.tokenizer;

import java.util.Arrays;

/** The pieces of a vocabulary by their characters; finds all pieces that begin at a place of a text. Immutable after {@link Builder#build}. */
final class PieceTrie {

    static final int ROOT = 0;
    static final int NONE = -1;

    private final long[] edges;
    private final int[] children;
    private final int[] pieces;

    private PieceTrie(long[] edges, int[] children, int[] pieces) {
        this.edges = edges;
        this.children = children;
        this.pieces = pieces;
    }

    /** The node that a character leads to, or {@link #NONE}. */
    int child(int node, char c) {
        return children[slot(edges, edge(node, c))];
    }

    /** The id of the piece that ends at a node, or {@link #NONE}. */
    int piece(int node) {
        return pieces[node];
    }

    private static long edge(int node, char c) {
        return ((long) node << Character.SIZE) | c;
    }

    /** The place of an edge in the open-addressed table, or the free one where it belongs. */
    private static int slot(long[] edges, long edge) {
        long mixed = edge * 0x9e3779b97f4a7c15L;
        int slot = (int) (mixed >>> 32) & (edges.length - 1);
        while (edges[slot] != NONE && edges[slot] != edge) {
            slot = (slot + 1) & (edges.length - 1);
        }
        return slot;
    }

    /** Adds pieces. */
    static final class Builder {

        private long[] edges = filled(1 << 12);
        private int[] children = emptyChildren(edges.length);
        private int[] pieces = {NONE};
        private int nodes = 1;

        /** Adds a piece; of equal ones the last stays. */
        void add(String piece, int id) {
            int node = ROOT;
            for (int i = 0; i < piece.length(); i++) {
                node = childOrNew(node, piece.charAt(i));
            }
            pieces[node] = id;
        }

        private int childOrNew(int node, char c) {
            if (2 * nodes > edges.length) {
                grow();
            }
            long edge = edge(node, c);
            int slot = slot(edges, edge);
            if (edges[slot] == NONE) {
                edges[slot] = edge;
                children[slot] = newNode();
            }
            return children[slot];
        }

        private int newNode() {
            if (nodes == pieces.length) {
                pieces = Arrays.copyOf(pieces, 2 * nodes);
            }
            pieces[nodes] = NONE;
            return nodes++;
        }

        private void grow() {
            var oldEdges = edges;
            var oldChildren = children;
            edges = filled(2 * oldEdges.length);
            children = emptyChildren(edges.length);
            for (int i = 0; i < oldEdges.length; i++) {
                if (oldEdges[i] != NONE) {
                    int slot = slot(edges, oldEdges[i]);
                    edges[slot] = oldEdges[i];
                    children[slot] = oldChildren[i];
                }
            }
        }

        private static long[] filled(int size) {
            var edges = new long[size];
            Arrays.fill(edges, NONE);
            return edges;
        }

        private static int[] emptyChildren(int size) {
            var children = new int[size];
            Arrays.fill(children, NONE);
            return children;
        }

        PieceTrie build() {
            return new PieceTrie(edges, children, Arrays.copyOf(pieces, nodes));
        }
    }
}
