package io.atelier.standalone.models.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PipelineIndexTests {

    private static final PipelineIndex SDXL = PipelineIndex.parse("""
        {"_class_name": "StableDiffusionXLPipeline", "text_encoder": ["transformers", "CLIPTextModel"],
         "text_encoder_2": ["transformers", "CLIPTextModelWithProjection"], "vae": ["diffusers", "AutoencoderKL"]}\
        """);

    /** The kinds of files that repositories of large models have beside each other. */
    @Test
    void takesTheFilesForOnnxRuntimeOfARepositoryWithAllFormats() {
        var files = List.of(
                ".gitattributes",
                "LICENSE.md",
                "README.md",
                "model_index.json",
                "pipeline.png",
                "sd_xl_base_1.0.safetensors",
                "scheduler/scheduler_config.json",
                "text_encoder/config.json",
                "text_encoder/flax_model.msgpack",
                "text_encoder/model.fp16.safetensors",
                "text_encoder/model.onnx",
                "text_encoder/model.safetensors",
                "text_encoder/openvino_model.bin",
                "text_encoder/openvino_model.xml",
                "text_encoder_2/model.onnx",
                "text_encoder_2/model.onnx_data",
                "text_encoder_3/model.onnx",
                "tokenizer/merges.txt",
                "tokenizer/vocab.json",
                "tokenizer_2/tokenizer_config.json",
                "unet/config.json",
                "unet/diffusion_pytorch_model.safetensors.index.json",
                "unet/model.onnx",
                "unet/model.onnx_data",
                "unet/model.onnx.data",
                "unet/model_quantized.onnx",
                "unet/model_quantized.onnx_data",
                "unet/onnx__MatMul_12345",
                "unet/weights.pb",
                "unet/nested/model.onnx",
                "vae/config.json",
                "vae_1_0/config.json",
                "vae_decoder/model.onnx",
                "vae_encoder/model.onnx");

        assertThat(files.stream().filter(SDXL::needs))
                .containsExactly(
                        "LICENSE.md",
                        "README.md",
                        "model_index.json",
                        "scheduler/scheduler_config.json",
                        "text_encoder/config.json",
                        "text_encoder/model.onnx",
                        "text_encoder_2/model.onnx",
                        "text_encoder_2/model.onnx_data",
                        "tokenizer/merges.txt",
                        "tokenizer/vocab.json",
                        "tokenizer_2/tokenizer_config.json",
                        "unet/config.json",
                        "unet/model.onnx",
                        "unet/model.onnx_data",
                        "unet/model.onnx.data",
                        "unet/onnx__MatMul_12345",
                        "unet/weights.pb",
                        "vae_decoder/model.onnx",
                        "vae_encoder/model.onnx");
    }

    @Test
    void thirdTextEncoderOfStableDiffusion3IsOptional() {
        var without = PipelineIndex.parse("""
            {"_class_name": "StableDiffusion3Pipeline", "text_encoder_3": [null, null]}\
            """);
        var with = PipelineIndex.parse("""
            {"_class_name": "StableDiffusion3Pipeline", "text_encoder_3": ["transformers", "T5EncoderModel"]}\
            """);

        assertThat(without.networks()).containsExactly("transformer", "text_encoder", "text_encoder_2", "vae_decoder");
        assertThat(with.networks()).contains("text_encoder_3");
        assertThat(with.tokenizers()).containsExactly("tokenizer", "tokenizer_2", "tokenizer_3");
    }
}
