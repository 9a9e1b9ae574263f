namespace ExecutionPipeline.Stages.Inference.Compiled;

/// <summary>
/// A value that a plan computes: a vector of floats that is 0 behind its end, up to a multiple of 16.
/// </summary>
/// <param name="Offset">In floats from the start of the plan's memory.</param>
/// <param name="Count">How many floats.</param>
/// <param name="Mask">A bit for each element that may not be 0, in words from the start of the masks.</param>
/// <param name="Level">Above that of every value it is made from.</param>
/// <param name="Strand">Which of the networks over the input it belongs to, from 1; 0: all of them.</param>
internal sealed record PlanValue(int Offset, int Count, int Mask, int Level, int Strand);
