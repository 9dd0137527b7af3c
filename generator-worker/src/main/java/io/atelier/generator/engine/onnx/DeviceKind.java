package io.atelier.generator.engine.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession.SessionOptions;

/** A kind of device that networks run on: the processor, or what an execution provider of ONNX Runtime makes usable. */
public enum DeviceKind {
    CPU("cpu", false, OrtProvider.CPU, "", (options, index) -> {}),
    CUDA("cuda", true, OrtProvider.CUDA, Remedies.NVIDIA, SessionOptions::addCUDA),
    TENSORRT("tensorrt", true, OrtProvider.TENSOR_RT, Remedies.NVIDIA, SessionOptions::addTensorrt),
    OPENVINO(
            "openvino",
            false,
            OrtProvider.OPEN_VINO,
            "Install OpenVINO's plugin for ONNX Runtime, the package onnxruntime-ep-openvino 1.8 of Python, and name"
                    + " its library libonnxruntime_providers_openvino_plugin.so by ATELIER_OPENVINO_LIBRARY.",
            (options, index) -> OpenVinoPlugin.addTo(options)),
    COREML("coreml", false, OrtProvider.CORE_ML, "It is there on macOS only.", (options, index) -> options.addCoreML()),
    DIRECTML(
            "directml",
            true,
            OrtProvider.DIRECT_ML,
            "It is there on Windows only: name a folder with the native libraries of ONNX Runtime for DirectML by"
                    + " ATELIER_ONNXRUNTIME_FOLDER.",
            SessionOptions::addDirectML);

    private final String word;
    private final boolean isNumbered;
    private final OrtProvider provider;
    private final String remedy;

    @SuppressWarnings("ImmutableEnumChecker") // Lambdas without state.
    private final ProviderAdder adder;

    DeviceKind(String word, boolean isNumbered, OrtProvider provider, String remedy, ProviderAdder adder) {
        this.word = word;
        this.isNumbered = isNumbered;
        this.provider = provider;
        this.remedy = remedy;
        this.adder = adder;
    }

    /** Its name in settings. */
    public String word() {
        return word;
    }

    /** Whether a machine may have several, with numbers from 0. */
    public boolean isNumbered() {
        return isNumbered;
    }

    /** Whether it calculates with numbers of 16 bits. Where that is not so, or not known, weights of 16 bits are kept a second time with 32. */
    public boolean calculatesWith16Bits() {
        return this == CUDA || this == TENSORRT || this == DIRECTML;
    }

    /** Whether ONNX Runtime holds memory of the card for later evaluations, in an arena. */
    boolean hasArena() {
        return this == CUDA || this == TENSORRT;
    }

    /** What to do on a machine where it is missing; empty for the processor. */
    public String remedy() {
        return remedy.formatted(software());
    }

    /** What to do on a machine where the library for it is there, but cannot be used. */
    String remedyOfFailure() {
        return ProviderLibrary.of(this)
                .map(library -> library.remedy(software()))
                .orElseGet(this::remedy);
    }

    /** What it needs beside ONNX Runtime; empty for what others bring. */
    private String software() {
        return switch (this) {
            case CUDA -> "an NVIDIA driver, CUDA 12 and cuDNN 9";
            case TENSORRT -> "an NVIDIA driver, CUDA 12, cuDNN 9 and TensorRT 10";
            case CPU, OPENVINO, COREML, DIRECTML -> "";
        };
    }

    /** The provider of ONNX Runtime for it. */
    OrtProvider provider() {
        return provider;
    }

    /** Makes sessions with these options run on the device with this number. */
    void addTo(SessionOptions options, int index) throws OrtException {
        adder.add(options, index);
    }

    /** Adds an execution provider. */
    @FunctionalInterface
    private interface ProviderAdder {
        void add(SessionOptions options, int index) throws OrtException;
    }

    private static final class Remedies {

        private static final String NVIDIA =
                "Use the image generator-worker:cuda, or put the native libraries of onnxruntime_gpu 1.28.0 into a"
                        + " folder and name it by ATELIER_ONNXRUNTIME_FOLDER; either needs %s.";

        private Remedies() {}
    }
}
