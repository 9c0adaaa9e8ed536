"""The bench's films with MoviePy 2, as a person would write them. One argument: a JSON file with what films.ts says."""

import json
import sys

from moviepy import (
    AudioFileClip,
    ColorClip,
    CompositeAudioClip,
    CompositeVideoClip,
    ImageClip,
    TextClip,
    VideoFileClip,
    afx,
    concatenate_videoclips,
    vfx,
)

SIZE = (1920, 1080)


def main(path):
    with open(path, encoding="utf-8") as file:
        film = json.load(file)
    scenes = [scene(film, index) for index in range(film["scenes"])]
    whole = concatenate_videoclips(scenes, method="chain")
    music = AudioFileClip(film["media"]["music"]).subclipped(0, whole.duration)
    music = music.with_effects([afx.MultiplyVolume(0.4)])
    sounds = [music] if whole.audio is None else [whole.audio, music]
    whole.with_audio(CompositeAudioClip(sounds)).write_videofile(
        film["output"],
        fps=30,
        codec="libx264",
        preset="veryfast",
        audio_codec="aac",
        audio_bitrate="192k",
        audio_fps=48000,
        pixel_format="yuv420p",
        ffmpeg_params=["-crf", "23", "-movflags", "+faststart"],
        logger=None,
    )


def scene(film, index):
    layers = [backdrop(film, index)]
    if film["kind"] == "C":
        layers.append(inset(film, index))
    layers.append(title(film, index))
    made = CompositeVideoClip(layers, size=SIZE).with_duration(film["sceneSeconds"])
    return made if film["kind"] == "A" else made.without_audio()


def backdrop(film, index):
    kind, media, seconds = film["kind"], film["media"], film["sceneSeconds"]
    if kind == "B" and index % 2 == 0:
        return ColorClip(SIZE, color=rgb(film["backgrounds"][index]), duration=seconds)
    if kind == "B":
        return ImageClip(media["gradient"], duration=seconds)
    if kind == "C" and index % 2 == 1:
        step = 1 / film["zoomTo"] - 1
        photo = ImageClip(media["photo"], duration=seconds).resized(SIZE)
        return photo.resized(lambda t: 1 + step * t / seconds).with_position("center")
    start = film["clipStarts"][index]
    clip = VideoFileClip(media["clip"], audio=kind == "A").subclipped(start, start + seconds)
    return clip.with_effects([afx.MultiplyVolume(0.5)]) if kind == "A" else clip


def inset(film, index):
    place = film["inset"]
    start = index % 4
    clip = VideoFileClip(film["media"]["inset"], audio=False).subclipped(start, start + film["sceneSeconds"])
    # MoviePy turns against the clock.
    clip = clip.resized((place["width"], place["height"])).with_mask()
    clip = clip.rotated(-place["rotation"], expand=True).with_opacity(place["opacity"])
    width, height = clip.size
    return clip.with_position((place["x"] - width / 2, place["y"] - height / 2))


def title(film, index):
    # A margin, because MoviePy cuts letters that reach below the line.
    text = TextClip(
        font=film["font"],
        text=film["titles"][index],
        font_size=film["titleSize"],
        color="white",
        margin=(20, 30),
        duration=film["sceneSeconds"],
    )
    text = text.with_position(("center", SIZE[1] * 0.8 - text.size[1] / 2))
    if not film["fades"][index]:
        return text
    return text.with_effects([vfx.CrossFadeIn(film["fadeSeconds"]), vfx.CrossFadeOut(film["fadeSeconds"])])


def rgb(text):
    return tuple(int(text[at : at + 2], 16) for at in (1, 3, 5))


main(sys.argv[1])
