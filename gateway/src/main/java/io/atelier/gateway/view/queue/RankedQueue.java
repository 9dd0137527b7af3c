package io.atelier.gateway.view.queue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A sorted set that finds the rank of an element: a list of short sorted lists, so that operations take about the square root of its size.
 * Not thread-safe.
 */
final class RankedQueue<T extends Comparable<? super T>> {

    private static final int MAX_PART = 512;

    private final List<List<T>> parts = new ArrayList<>();
    private int size;

    int size() {
        return size;
    }

    Optional<T> first() {
        return parts.isEmpty() ? Optional.empty() : Optional.of(parts.get(0).get(0));
    }

    /** Adds an element; no change if it is present. */
    void add(T element) {
        int partIndex = partOf(element);
        if (parts.isEmpty()) {
            parts.add(new ArrayList<>());
        }
        // An element after all others belongs to the last part.
        var part = parts.get(Math.min(partIndex, parts.size() - 1));
        int index = Collections.binarySearch(part, element);
        if (index < 0) {
            part.add(-index - 1, element);
            size++;
            split(part);
        }
    }

    /** Removes an element; no change if it is absent. */
    void remove(T element) {
        int partIndex = partOf(element);
        if (partIndex == parts.size()) {
            return;
        }
        var part = parts.get(partIndex);
        int index = Collections.binarySearch(part, element);
        if (index >= 0) {
            part.remove(index);
            size--;
            if (part.isEmpty()) {
                parts.remove(partIndex);
            }
        }
    }

    /** The number of elements less than this one, which may be absent. */
    int before(T element) {
        int partIndex = partOf(element);
        int before = 0;
        for (int i = 0; i < partIndex; i++) {
            before += parts.get(i).size();
        }
        if (partIndex == parts.size()) {
            return before;
        }
        int index = Collections.binarySearch(parts.get(partIndex), element);
        return before + (index < 0 ? -index - 1 : index);
    }

    /** The index of the first part whose last element is not less than this one; the number of parts if there is none. */
    private int partOf(T element) {
        int low = 0;
        int high = parts.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            var part = parts.get(middle);
            if (part.get(part.size() - 1).compareTo(element) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void split(List<T> part) {
        if (part.size() > MAX_PART) {
            int half = part.size() / 2;
            var rest = part.subList(half, part.size());
            int partIndex = partOf(part.get(0));
            parts.add(partIndex + 1, new ArrayList<>(rest));
            rest.clear();
        }
    }
}
