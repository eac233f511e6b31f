#!/bin/sh
# Checks the engine on an NVIDIA GPU and measures it: from a checkout, with JDK 25, Maven, a driver for CUDA 12.8, and in
# PYTORCH_LIBRARY_PATH libtorch 2.7.1 for it: torch/lib of PyPI's wheel torch 2.7.1, or lib of the archive that
# Dockerfile.cuda names. BANDWIDTH is the card's in GB/s.
set -eu
cd "$(dirname -- "$0")/.."
: "${PYTORCH_LIBRARY_PATH:?must name the folder of libtorch 2.7.1 for CUDA 12.8}" "${BANDWIDTH:=4800}"
export PYTORCH_LIBRARY_PATH PYTORCH_VERSION=2.7.1 PYTORCH_FLAVOR=cu128

# DJL asks CUDA's runtime how many GPUs there are and what is free there, by this name; libtorch brings it under others.
cudart=$(find "$PYTORCH_LIBRARY_PATH" "$PYTORCH_LIBRARY_PATH/../../nvidia/cuda_runtime/lib" \
  -name 'libcudart*.so*' 2>/dev/null | head -n 1)
if [ -n "$cudart" ]; then
  mkdir -p target/cudart
  ln -sf "$cudart" target/cudart/libcudart.so
  export LD_LIBRARY_PATH="$PWD/target/cudart${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
fi
nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader

mvn -q test -pl engine -am -Dapprentice.test.device=cuda -Dsurefire.failIfNoSpecifiedTests=false \
  -Dtest='SightTest,ReferenceTest,TrainingReferenceTest,GradientsTest,LongPromptTest,DefaultModelKernelsTest'

./apprentice bench engine --device cuda --dtypes bf16 --streams 1,64 --rounds 2 --json target/bench/cuda.json

# A step of the half-billion shape reads each weight once: 494 million in bf16, the embedding as the vocabulary's.
awk -F'[:,]' -v peak="$BANDWIDTH" '
  /"base"/ { big = /0.5B/ }
  /"streams"/ { streams = $2 + 0 }
  /"tokens_per_second"/ && big && streams {
    read = $2 / streams * 0.988
    printf "0.5B, %d streams: %.0f tokens/s, weights at %.0f GB/s, %.0f %% of %d\n", streams, $2, read, 100 * read / peak, peak
    streams = 0
  }' target/bench/cuda.json
