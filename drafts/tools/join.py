"""join.py OUT PIECES...: phone pieces side by side."""
import sys; from PIL import Image
out,*p=sys.argv[1:]; ims=[Image.open(x) for x in p]
s=Image.new("RGB",(sum(i.width for i in ims)+10*len(ims),max(i.height for i in ims)),"white"); x=0
for i in ims: s.paste(i,(x,0)); x+=i.width+10
s.save(out)
